package calls

import (
	"context"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// counted is how an attempt to count a call went.
type counted struct {
	use licensing.CallUse
	ok  bool
	now licensing.Moment
}

// Admit counts a call of a service account, or refuses it when that would be more than its limits allow: its own, as they were
// read when it came in, or the house's. What is refused is not counted. The counts stand in the database, so that all processes hold the limits together. What is tried out in the
// console is no call of the account's own, and takes nothing from it.
func (s *Service) Admit(ctx context.Context, actor licensing.Actor) error {
	l := actor.Limits(s.config.Limits)
	if actor.Via == licensing.ViaConsole || l.PerMinute == 0 && l.PerDay == 0 {
		return nil
	}
	used, _, err := usecase.Run(ctx, s.runner, actor, "Admit", "", 0, func(ctx context.Context, tx *usecase.Tx, _ int) (u counted, err error) {
		u.now = tx.Now()
		u.use, u.ok, err = tx.UseCall(ctx, actor.ID, l)
		return u, err
	})
	switch {
	case err != nil || used.ok:
		return err
	case l.PerDay > 0 && used.use.InDay >= l.PerDay:
		wait := untilTomorrow(used.now)
		return licensing.ExhaustedFor(wait, "This account may call %d times a day. Try again in %d seconds, when the next day begins.", l.PerDay, seconds(wait))
	default:
		wait := used.now.Wall.Truncate(time.Minute).Add(time.Minute).Sub(used.now.Wall)
		return licensing.ExhaustedFor(wait, "This account may call %d times a minute. Try again in %d seconds.", l.PerMinute, seconds(wait))
	}
}

// AskLicenses subscribes to OrderAsked: what would be more than the account may create is refused before it is made, and what is
// more than any day may have in another way than what has to wait for the next one. Whether it still fits when it is made
// CountLicenses says, which counts.
func (s *Service) AskLicenses(ctx context.Context, tx *usecase.Tx, e licensing.OrderAsked) error {
	most := s.licensesADay(tx.Actor)
	if most == 0 {
		return nil
	}
	if e.Licenses > most {
		return neverSoMany(e.Licenses, most)
	}
	used, err := tx.Used(ctx, tx.Actor.ID)
	if err != nil || used.Licenses+e.Licenses <= most {
		return err
	}
	return tooManyLicenses(tx, most)
}

// CountLicenses subscribes to OrderPlaced. What a service account creates beyond its limit is refused whole, and rolled back. A
// replay creates nothing and comes not here.
func (s *Service) CountLicenses(ctx context.Context, tx *usecase.Tx, e licensing.OrderPlaced) error {
	most := s.licensesADay(tx.Actor)
	if most == 0 {
		return nil
	}
	ok, err := tx.UseLicenses(ctx, tx.Actor.ID, len(e.Order.Licenses), most)
	if err != nil || ok {
		return err
	}
	return tooManyLicenses(tx, most)
}

// licensesADay is how many licenses an actor may create in a day; 0: as many as he likes, as people do, and who tries the
// account out in the console.
func (s *Service) licensesADay(actor licensing.Actor) int {
	if actor.Role != licensing.RoleService || actor.Via == licensing.ViaConsole {
		return 0
	}
	return actor.Limits(s.config.Limits).Licenses
}

func tooManyLicenses(tx *usecase.Tx, most int) error {
	wait := untilTomorrow(tx.Now())
	return licensing.ExhaustedFor(wait, "This account may create %d licenses a day, and this would be more. Nothing has been created. Try again in %d seconds, when the next day begins.", most, seconds(wait))
}

// neverSoMany refuses one request for more than a whole day may have. It is tooLarge and not exhausted, without a time to try
// again: callers send what is exhausted once more, unchanged and tomorrow, and would do so for ever; what is too large they
// make smaller, or show to somebody.
func neverSoMany(asked, most int) error {
	return licensing.ErrorOf(licensing.Invalid, licensing.CodeTooLarge, "This account may create %d licenses a day, and this request asks for %d: no day has room for it. Nothing has been created. Ask for fewer at a time, or have the limit raised.", most, asked)
}

// untilTomorrow is how long the ISV's day still lasts by the wall clock.
func untilTomorrow(now licensing.Moment) time.Duration {
	return licensing.DayOf(now.Wall, now.Zone).AddDays(1).Begin(now.Zone).Sub(now.Wall)
}

// seconds are whole ones, at least one.
func seconds(d time.Duration) int { return int(max((d+time.Second-1)/time.Second, 1)) }
