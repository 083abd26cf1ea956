package calls

import (
	"log/slog"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// Seal makes envelopes unreadable without the master key; context is bound to the result.
type Seal interface {
	Seal(plain, context []byte) ([]byte, error)
	Open(sealed, context []byte) ([]byte, error)
}

// Config is what the operator sets.
type Config struct {
	// Keep is for how long calls are kept; 0: DefaultKeep.
	Keep time.Duration
	// Patience is for how long a batch is tried again while the database does not take it; 0: 30 seconds.
	Patience time.Duration
	// Limits are what each service account may do at most that has none of its own.
	Limits licensing.CallLimits
	// Log hears of calls that are lost; nil: slog.Default.
	Log *slog.Logger
}

// DefaultKeep is for how long calls are kept when nothing is said.
const DefaultKeep = 90 * 24 * time.Hour

// Service offers the use cases.
type Service struct {
	runner *usecase.Runner
	seal   Seal
	config Config
	recorder
}

// New makes the service, and begins to write what Keep is given. Close ends that.
func New(runner *usecase.Runner, seal Seal, config Config) *Service {
	if config.Keep == 0 {
		config.Keep = DefaultKeep
	}
	if config.Patience == 0 {
		config.Patience = 30 * time.Second
	}
	if config.Log == nil {
		config.Log = slog.Default()
	}
	s := &Service{runner: runner, seal: seal, config: config}
	s.begin(s.save)
	return s
}
