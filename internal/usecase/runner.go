package usecase

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"kontor/internal/licensing"
)

// Seal makes stored answers unreadable without the master key; context is bound to the result.
type Seal interface {
	Seal(plain, context []byte) ([]byte, error)
	Open(sealed, context []byte) ([]byte, error)
}

// Runner carries out use cases.
type Runner struct {
	store       licensing.Store
	jobs        licensing.Enqueuer
	answers     Seal
	subscribers map[reflect.Type][]func(context.Context, *Tx, any) error
}

// New makes a runner. Subscribers are added by Subscribe before the first use case runs.
func New(store licensing.Store, jobs licensing.Enqueuer, answers Seal) *Runner {
	return &Runner{store: store, jobs: jobs, answers: answers, subscribers: map[reflect.Type][]func(context.Context, *Tx, any) error{}}
}

// Subscribe lists who hears of which event.
func (r *Runner) Subscribe(all ...Subscribers) {
	for _, s := range all {
		r.subscribers[s.event] = s.run
	}
}

// Tx is what a use case works with: the transaction, and who acts in it.
type Tx struct {
	licensing.Tx
	Actor     licensing.Actor
	RequestID string
	claimed   string // what RequestID is remembered by: see licensing.Actor.RequestSpace
	runner    *Runner
	jobs      *[]licensing.Job // to be enqueued at the end; nil in a query
}

// As is the same transaction with another actor, for what happens in it that is not the caller's doing.
func (t *Tx) As(actor licensing.Actor) *Tx {
	other := *t
	other.Actor = actor
	return &other
}

// Emit tells the subscribers of event, now and in this transaction. Their error is to be returned: it rolls
// everything back.
func (t *Tx) Emit(ctx context.Context, event any) error { return t.runner.dispatch(ctx, t, event) }

// Audit appends a row to the audit trail: who did action to object, which belongs to parent.
func (t *Tx) Audit(ctx context.Context, action, object, parent string, detail ...licensing.Value) error {
	return t.InsertAudit(ctx, licensing.Audit{Actor: t.Actor.AtHome(), Action: action, Object: object, Parent: parent, RequestID: t.RequestID, Detail: detail})
}

// Enqueue records jobs that begin when the transaction has committed. They are written at its end, all at once.
func (t *Tx) Enqueue(jobs ...licensing.Job) { *t.jobs = append(*t.jobs, jobs...) }

// Sighted is an answer that belongs to a group. A stored one is given again only while that group is in sight.
type Sighted interface{ OwnedBy() licensing.GroupID }

// Followed is an answer that tells of what can come to belong to other groups. A stored one is given again only while
// all groups that it belongs to now are in sight.
type Followed interface {
	OwnersNow(ctx context.Context, tx *Tx) ([]licensing.GroupID, error)
}

// Contented is an input that can say the same in several ways: inputs with equal contents are the same request.
type Contented interface{ Content() any }

// maxRequestID is the most characters of a request id.
const maxRequestID = 255

// Run carries out operation for actor exactly once per request id: the same id with the same input gets the answer
// that was stored the first time (replayed), with another input an error of code requestIdReused. An empty request id
// is for what repeats harmlessly, such as the scheduler's work. Input and output must survive encoding as JSON; the
// input is to have its defaults applied, so that two ways to say the same thing are the same. For an actor who only
// looks (see licensing.Actor.ReadOnly) nothing is carried out, nor answered again.
func Run[I, O any](ctx context.Context, r *Runner, actor licensing.Actor, operation, requestID string, in I,
	fn func(ctx context.Context, tx *Tx, in I) (O, error),
) (out O, replayed bool, err error) {
	if actor.ReadOnly() {
		return out, false, licensing.ReadOnlyError()
	}
	if utf8.RuneCountInString(requestID) > maxRequestID || !utf8.ValidString(requestID) || strings.ContainsFunc(requestID, unicode.IsControl) {
		return out, false, licensing.InvalidRequest("requestId", "Enter a request id of 1 to %d characters, on one line.", maxRequestID)
	}
	var fingerprint []byte
	if requestID != "" {
		if fingerprint, err = fingerprintOf(operation, in); err != nil {
			return out, false, err
		}
	}
	err = r.retry(ctx, func() error {
		var zero O
		out, replayed = zero, false
		return r.store.Write(ctx, func(stx licensing.Tx) (err error) {
			tx := &Tx{Tx: stx, Actor: actor, RequestID: requestID, claimed: actor.RequestSpace() + requestID, runner: r, jobs: new([]licensing.Job)}
			if requestID == "" {
				if out, err = fn(ctx, tx, in); err != nil {
					return err
				}
				return r.enqueue(ctx, tx)
			}
			claimed, stored, err := tx.ClaimRequest(ctx, actor.ID, tx.claimed, fingerprint)
			if err != nil {
				return err
			}
			if !claimed {
				replayed = true
				return r.replay(ctx, tx, fingerprint, stored, &out)
			}
			if out, err = fn(ctx, tx, in); err != nil {
				return err
			}
			if err := r.storeAnswer(ctx, tx, out); err != nil {
				return err
			}
			return r.enqueue(ctx, tx)
		})
	})
	return out, replayed && err == nil, err
}

func (r *Runner) enqueue(ctx context.Context, tx *Tx) error {
	if len(*tx.jobs) == 0 {
		return nil
	}
	return r.jobs.Enqueue(ctx, tx.Tx, *tx.jobs...)
}

// Read carries out a query on one snapshot.
func Read[O any](ctx context.Context, r *Runner, actor licensing.Actor, fn func(ctx context.Context, tx *Tx) (O, error)) (out O, err error) {
	err = r.retry(ctx, func() error {
		return r.store.Read(ctx, func(stx licensing.Tx) (err error) {
			out, err = fn(ctx, &Tx{Tx: stx, Actor: actor, runner: r})
			return err
		})
	})
	return out, err
}

// tries is how often a transaction that loses races is run before the caller is told "conflict".
const tries = 12

// retry runs fn again while it loses races, after a short random pause that grows.
func (r *Runner) retry(ctx context.Context, fn func() error) error {
	for i := range tries {
		err := fn()
		if !errors.Is(err, licensing.ErrRace) {
			return err
		}
		pause := time.Duration(rand.Int64N(int64(2*time.Millisecond) << min(i, 7))) //nolint:gosec // no secret
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
	return licensing.ConflictError("Somebody else changed this at the same moment. Try again.")
}

func fingerprintOf(operation string, in any) ([]byte, error) {
	if c, ok := in.(Contented); ok {
		in = c.Content()
	}
	b, err := json.Marshal(in)
	if err != nil {
		return nil, fmt.Errorf("encode input of %s: %w", operation, err)
	}
	h := sha256.New()
	h.Write([]byte(operation))
	h.Write([]byte{0})
	h.Write(b)
	return h.Sum(nil), nil
}

// answerContext binds a sealed answer to its request, so that one cannot be put in another's place.
func answerContext(tx *Tx) []byte {
	return []byte("answer\x00" + string(tx.Actor.ID) + "\x00" + tx.claimed)
}

func (r *Runner) storeAnswer(ctx context.Context, tx *Tx, out any) error {
	b, err := json.Marshal(out)
	if err != nil {
		return fmt.Errorf("encode answer: %w", err)
	}
	sealed, err := r.answers.Seal(b, answerContext(tx))
	if err != nil {
		return err
	}
	return tx.StoreAnswer(ctx, tx.Actor.ID, tx.claimed, sealed)
}

func (r *Runner) replay(ctx context.Context, tx *Tx, fingerprint []byte, stored licensing.StoredRequest, out any) error {
	if subtle.ConstantTimeCompare(fingerprint, stored.Fingerprint) != 1 {
		return &licensing.Error{
			Kind: licensing.Conflict, Code: licensing.CodeRequestIDReused, Field: "requestId",
			Message: "This request id was used before, with other content. Use a new one for a new request.",
		}
	}
	b, err := r.answers.Open(stored.Answer, answerContext(tx))
	if err != nil {
		return fmt.Errorf("open stored answer: %w", err)
	}
	if err := json.Unmarshal(b, out); err != nil {
		return fmt.Errorf("decode stored answer: %w", err)
	}
	var owners []licensing.GroupID
	if s, ok := out.(Sighted); ok {
		owners = append(owners, s.OwnedBy())
	}
	if f, ok := out.(Followed); ok {
		now, err := f.OwnersNow(ctx, tx)
		if err != nil {
			return err
		}
		owners = append(owners, now...)
	}
	slices.Sort(owners)
	for _, owner := range slices.Compact(owners) {
		seen, err := tx.InSight(ctx, tx.Actor.Group, tx.Actor.Role.Below(), owner)
		if err != nil {
			return err
		}
		if !seen {
			return licensing.NotFoundError("requestId", "What this request created or changed is beyond your sight now.")
		}
	}
	return nil
}
