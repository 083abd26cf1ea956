package statements

import (
	"kontor/internal/usecase"
)

// Service offers the use cases.
type Service struct{ runner *usecase.Runner }

// New makes the service.
func New(runner *usecase.Runner) *Service { return &Service{runner} }
