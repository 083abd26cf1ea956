package subscriptions

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// The bounds of a calendar.
const (
	calendarMonths = 24    // ahead
	calendarLines  = 1_000 // last days to cancel, the soonest
	secretBytes    = 20    // of an address that are random: 160 bits
)

// CalendarFeed is the address of a membership's calendar, as far as it is known.
type CalendarFeed struct {
	Exists  bool      `json:"exists"`
	MadeAt  time.Time `json:"madeAt"` // wall clock
	Address string    `json:"-"`      // only when it has just been made: it is kept nowhere, and never shown again
}

// Calendar is what one reads at such an address.
type Calendar struct {
	GroupName string
	PortalURL string         // how addresses of pages begin, for links; "" when nobody has set it
	GroupCode string         // of the group that the membership is in
	Lines     []ForecastLine // last days to cancel of the next two years, in order
}

// CalendarFeed tells whether the actor's membership has an address for its calendar.
func (s *Service) CalendarFeed(ctx context.Context, actor licensing.Actor) (CalendarFeed, error) {
	return usecase.Read(ctx, s.runner, actor, func(ctx context.Context, tx *usecase.Tx) (CalendarFeed, error) {
		made, err := tx.CalendarFeedOf(ctx, tx.Actor.ID)
		if errors.Is(err, licensing.ErrNone) {
			return CalendarFeed{}, nil
		}
		return CalendarFeed{Exists: true, MadeAt: made}, err
	})
}

// MakeCalendarFeed makes a secret address for the actor's own membership; one that was made before is dead from then on.
func (s *Service) MakeCalendarFeed(ctx context.Context, actor licensing.Actor, requestID string) (CalendarFeed, bool, error) {
	return usecase.Run(ctx, s.runner, actor, "MakeCalendarFeed", requestID, "", func(ctx context.Context, tx *usecase.Tx, _ string) (CalendarFeed, error) {
		b := make([]byte, secretBytes)
		if _, err := rand.Read(b); err != nil {
			return CalendarFeed{}, err
		}
		secret := base64.RawURLEncoding.EncodeToString(b)
		if err := tx.SetCalendarFeed(ctx, tx.Actor.ID, hashSecret(secret)); err != nil {
			return CalendarFeed{}, err
		}
		portal, err := tx.Setting(ctx, licensing.SettingPublicURL)
		if err != nil {
			return CalendarFeed{}, err
		}
		out := CalendarFeed{Exists: true, MadeAt: tx.Now().Wall, Address: portal + "/calendar/" + secret + ".ics"}
		return out, tx.Audit(ctx, "calendar.made", string(tx.Actor.ID), string(tx.Actor.Group))
	})
}

// WithdrawCalendarFeed makes the address of the actor's own membership dead.
func (s *Service) WithdrawCalendarFeed(ctx context.Context, actor licensing.Actor, requestID string) (CalendarFeed, bool, error) {
	return usecase.Run(ctx, s.runner, actor, "WithdrawCalendarFeed", requestID, "", func(ctx context.Context, tx *usecase.Tx, _ string) (CalendarFeed, error) {
		if err := tx.SetCalendarFeed(ctx, tx.Actor.ID, ""); err != nil {
			return CalendarFeed{}, err
		}
		return CalendarFeed{}, tx.Audit(ctx, "calendar.withdrawn", string(tx.Actor.ID), string(tx.Actor.Group))
	})
}

// CalendarAt reads the calendar with a secret: what the membership sees now. A secret that is none, and one of a
// membership that may not act, is not found, in the same words.
func (s *Service) CalendarAt(ctx context.Context, secret string) (Calendar, error) {
	return usecase.Read(ctx, s.runner, licensing.Actor{}, func(ctx context.Context, tx *usecase.Tx) (Calendar, error) {
		unknown := licensing.NotFoundError("", "There is no calendar at this address. Make a new address in Kontor.")
		id, err := tx.CalendarFeedByHash(ctx, hashSecret(strings.TrimSuffix(secret, ".ics"))) // of a hash it does not matter how long comparing takes
		if errors.Is(err, licensing.ErrNone) {
			return Calendar{}, unknown
		} else if err != nil {
			return Calendar{}, err
		}
		m, err := tx.Membership(ctx, id)
		if err != nil {
			return Calendar{}, err
		}
		if !m.Active() {
			return Calendar{}, unknown
		}
		c := Calendar{GroupName: m.GroupName, GroupCode: m.GroupCode}
		if c.PortalURL, err = tx.Setting(ctx, licensing.SettingPublicURL); err != nil {
			return Calendar{}, err
		}
		sight, w := licensing.SightOf(m), newWindow("", calendarLines)
		f := ForecastFilter{Until: tx.Now().Today().AddMonths(calendarMonths)}
		_, err = f.walk(ctx, tx, sight, func(l ForecastLine) bool {
			return l.Kind != licensing.ForecastCancelBy || w.add(l)
		})
		if err != nil {
			return Calendar{}, err
		}
		c.Lines = w.sorted()
		var of []*Forecasted
		for _, l := range c.Lines {
			of = append(of, l.Of)
		}
		return c, fill(ctx, tx, sight, of)
	})
}

// hashSecret is what of a secret is kept.
func hashSecret(secret string) string {
	h := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(h[:])
}
