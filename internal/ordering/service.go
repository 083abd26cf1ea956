package ordering

import (
	"context"
	"io"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// Service offers the use cases.
type Service struct {
	runner  *usecase.Runner
	decider licensing.Decider
	random  io.Reader // of tickets
}

// New makes the service. random must be a source fit for secrets: tickets are hard to guess.
func New(runner *usecase.Runner, decider licensing.Decider, random io.Reader) *Service {
	return &Service{runner: runner, decider: usecase.Held(decider), random: random}
}

// Now is the moment for pages that are not about one transaction's data.
func (s *Service) Now(ctx context.Context) (licensing.Moment, error) {
	return usecase.Read(ctx, s.runner, licensing.Actor{}, func(_ context.Context, tx *usecase.Tx) (licensing.Moment, error) {
		return tx.Now(), nil
	})
}
