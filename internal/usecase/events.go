package usecase

import (
	"context"
	"fmt"
	"reflect"
)

// Subscribers are those who hear of one kind of event, in the order in which they run.
type Subscribers struct {
	event reflect.Type
	run   []func(ctx context.Context, tx *Tx, event any) error
}

// On lists the subscribers of the event E.
func On[E any](fns ...func(context.Context, *Tx, E) error) Subscribers {
	s := Subscribers{event: reflect.TypeFor[E]()}
	for _, fn := range fns {
		s.run = append(s.run, func(ctx context.Context, tx *Tx, event any) error { return fn(ctx, tx, event.(E)) })
	}
	return s
}

// dispatch runs the subscribers of event. An event that nobody is listed for is a mistake in the wiring.
func (r *Runner) dispatch(ctx context.Context, tx *Tx, event any) error {
	subscribers, ok := r.subscribers[reflect.TypeOf(event)]
	if !ok {
		return fmt.Errorf("event %T has no entry among the subscribers", event)
	}
	for _, run := range subscribers {
		if err := run(ctx, tx, event); err != nil {
			return fmt.Errorf("after %T: %w", event, err)
		}
	}
	return nil
}
