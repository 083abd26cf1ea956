package calls

import (
	"context"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// JobDrop is the kind of job that forgets old calls.
const JobDrop = "drop_calls"

// dropAtOnce is how many calls one transaction forgets, so that nobody waits for it.
const dropAtOnce = 1000

// DropOld forgets some of the calls that are older than they are kept, and of nobody's those that are too many, by the account that they named. It reports
// whether there are more.
func (s *Service) DropOld(ctx context.Context) (more bool, err error) {
	more, _, err = usecase.Run(ctx, s.runner, licensing.Scheduler(), "DropCalls", "", 0, func(ctx context.Context, tx *usecase.Tx, _ int) (bool, error) {
		old, err := tx.DropCalls(ctx, tx.Now().Wall.Add(-s.config.Keep), dropAtOnce)
		if err != nil {
			return false, err
		}
		strangers, err := tx.DropStrangers(ctx, strangersKept, dropAtOnce)
		if err != nil {
			return false, err
		}
		named, err := tx.DropNamed(ctx, namedKept, dropAtOnce)
		return old == dropAtOnce || strangers == dropAtOnce || named == dropAtOnce, err
	})
	return more, err
}
