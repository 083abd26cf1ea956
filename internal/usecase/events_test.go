package usecase_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// happened is what the use case under test tells.
type happened struct{ what *[]string }

// tell carries out a use case that writes and then emits.
func tell(t *testing.T, r *usecase.Runner) (heard []string, err error) {
	t.Helper()
	_, _, err = usecase.Run(t.Context(), r, actor("ada", "north"), "Tell", "id", 1, func(ctx context.Context, tx *usecase.Tx, _ int) (int, error) {
		if err := tx.SetSetting(ctx, carried, "id"); err != nil {
			return 0, err
		}
		return 0, tx.Emit(ctx, happened{&heard})
	})
	return heard, err
}

// hear is a subscriber.
func hear(name string, err error) func(context.Context, *usecase.Tx, happened) error {
	return func(ctx context.Context, tx *usecase.Tx, e happened) error {
		*e.what = append(*e.what, name)
		if err := tx.SetSetting(ctx, name, string(tx.Actor.ID)); err != nil {
			return err
		}
		tx.Enqueue(licensing.Job{Kind: name})
		return err
	}
}

func TestSubscribersRunInOrderInTheTransaction(t *testing.T) {
	s, jobs := newStore(t), &noJobs{}
	r := usecase.New(s, jobs, plainSeal{})
	r.Subscribe(usecase.On(hear("first", nil), hear("second", nil)))
	heard, err := tell(t, r)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"first", "second"}; !slices.Equal(heard, want) || !slices.Equal(jobs.kinds, want) {
		t.Errorf("heard %v, enqueued %v, want %v", heard, jobs.kinds, want)
	}
}

func TestAnErrorOfASubscriberRollsEverythingBack(t *testing.T) {
	s := newStore(t)
	r := usecase.New(s, &noJobs{}, plainSeal{})
	refused := licensing.InvalidRequest("key", "No key is left.")
	r.Subscribe(usecase.On(hear("first", nil), hear("second", refused), hear("third", nil)))
	heard, err := tell(t, r)
	if !errors.Is(err, refused) {
		t.Errorf("got the error %v, want the subscriber's", err)
	}
	if want := []string{"first", "second"}; !slices.Equal(heard, want) {
		t.Errorf("heard by %v, want %v", heard, want)
	}
	if got := written(t, s); got != "" {
		t.Errorf("%q was kept", got)
	}
}

func TestWhatCannotBeEnqueuedRollsEverythingBack(t *testing.T) {
	for _, requestID := range []string{"", "id"} {
		s, full := newStore(t), errors.New("the queue is full")
		r := usecase.New(s, &noJobs{err: full}, plainSeal{})
		_, _, err := usecase.Run(t.Context(), r, actor("ada", "north"), "Tell", requestID, 1, func(ctx context.Context, tx *usecase.Tx, _ int) (int, error) {
			tx.As(licensing.Scheduler()).Enqueue(licensing.Job{Kind: "late"})
			return 1, tx.SetSetting(ctx, carried, "id")
		})
		if got := written(t, s); !errors.Is(err, full) || got != "" {
			t.Errorf("request id %q: got the error %v, and %q was kept", requestID, err, got)
		}
	}
}

func TestAnEventWithoutAnEntryIsAMistake(t *testing.T) {
	s := newStore(t)
	_, err := tell(t, usecase.New(s, &noJobs{}, plainSeal{}))
	if err == nil || !strings.Contains(err.Error(), "happened") {
		t.Errorf("got the error %v, want one that names the event", err)
	}
	if got := written(t, s); got != "" {
		t.Errorf("%q was kept", got)
	}
}

func TestAnEventThatNobodyNeedsIsFine(t *testing.T) {
	r := usecase.New(newStore(t), &noJobs{}, plainSeal{})
	r.Subscribe(usecase.On[happened]())
	if _, err := tell(t, r); err != nil {
		t.Error(err)
	}
}
