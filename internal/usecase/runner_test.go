package usecase_test

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/sqlstore"
	"kontor/internal/usecase"
)

// plainSeal shows what was sealed, and where it belongs.
type plainSeal struct{}

func (plainSeal) Seal(plain, context []byte) ([]byte, error) {
	return bytes.Join([][]byte{context, plain}, []byte("|")), nil
}

func (plainSeal) Open(sealed, context []byte) ([]byte, error) {
	plain, ok := bytes.CutPrefix(sealed, append(context, '|'))
	if !ok {
		return nil, errors.New("it belongs elsewhere")
	}
	return plain, nil
}

// noJobs takes jobs and keeps their kinds, or takes none.
type noJobs struct {
	kinds []string
	err   error
}

func (j *noJobs) Enqueue(_ context.Context, _ licensing.Tx, jobs ...licensing.Job) error {
	for _, x := range jobs {
		j.kinds = append(j.kinds, x.Kind)
	}
	return j.err
}

func newStore(t *testing.T) licensing.Store {
	t.Helper()
	s, err := sqlstore.Open(t.Context(), "sqlite://"+filepath.Join(t.TempDir(), "kontor.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// input and output are those of the use case under test, which adds one.
type input struct {
	N     int    `json:"n"`
	Owner string `json:"owner"`
}

type output struct {
	N     int    `json:"n"`
	Owner string `json:"owner"`
}

func (o output) OwnedBy() licensing.GroupID { return licensing.GroupID(o.Owner) }

// counter is a use case that counts how often it is carried out.
type counter struct {
	runner *usecase.Runner
	calls  int
	err    error
}

// carried is a setting that the use case writes, so that a rollback shows.
const carried = "carried out"

func (c *counter) run(ctx context.Context, actor licensing.Actor, operation, id string, in input) (output, bool, error) {
	return usecase.Run(ctx, c.runner, actor, operation, id, in, func(ctx context.Context, tx *usecase.Tx, in input) (output, error) {
		c.calls++
		if err := tx.SetSetting(ctx, carried, id); err != nil {
			return output{}, err
		}
		return output{in.N + 1, in.Owner}, c.err
	})
}

func written(t *testing.T, s licensing.Store) (value string) {
	t.Helper()
	err := s.Read(t.Context(), func(tx licensing.Tx) (err error) {
		value, err = tx.Setting(t.Context(), carried)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func actor(id, group string) licensing.Actor {
	return licensing.Actor{Membership: licensing.Membership{ID: licensing.MembershipID(id), Group: licensing.GroupID(group), Role: licensing.RoleMember}}
}

// code is the stable name of an error; "" for none.
func code(err error) licensing.Code {
	if err == nil {
		return ""
	}
	return licensing.AsError(err).Code
}

func TestReplay(t *testing.T) {
	ada := actor("ada", "north")
	for _, c := range []struct {
		name      string
		actor     licensing.Actor
		operation string
		id        string
		in        input
		fails     error // what the first call failed with
		calls     int   // of both
		want      output
		replayed  bool
		code      licensing.Code
	}{
		{"the same again", ada, "Add", "id", input{1, "north"}, nil, 1, output{2, "north"}, true, ""},
		{"another content", ada, "Add", "id", input{2, "north"}, nil, 1, output{}, false, licensing.CodeRequestIDReused},
		{"another operation", ada, "Subtract", "id", input{1, "north"}, nil, 1, output{}, false, licensing.CodeRequestIDReused},
		{"another id", ada, "Add", "ID", input{1, "north"}, nil, 2, output{2, "north"}, false, ""},
		{"another account", actor("bob", "north"), "Add", "id", input{1, "north"}, nil, 2, output{2, "north"}, false, ""},
		{"after a failure the id is free", ada, "Add", "id", input{7, "north"}, errors.New("failed"), 2, output{8, "north"}, false, ""},
		{"when the answer is beyond sight", actor("ada", "south"), "Add", "id", input{1, "north"}, nil, 1, output{}, false, licensing.CodeNotFound},
		{"what repeats harmlessly has no id", ada, "Add", "", input{1, "north"}, nil, 2, output{2, "north"}, false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStore(t)
			u := &counter{runner: usecase.New(s, &noJobs{}, plainSeal{}), err: c.fails}
			first := c.id
			if first != "" {
				first = "id"
			}
			if out, replayed, err := u.run(t.Context(), ada, "Add", first, input{1, "north"}); !errors.Is(err, c.fails) || replayed || err == nil && out.N != 2 {
				t.Fatalf("the first: %v, %v, %v", out, replayed, err)
			}
			if c.fails != nil && written(t, s) != "" {
				t.Error("a failed use case left something")
			}
			u.err = nil
			u.runner = usecase.New(s, &noJobs{}, plainSeal{}) // as after a restart
			out, replayed, err := u.run(t.Context(), c.actor, c.operation, c.id, c.in)
			if code(err) != c.code || replayed != c.replayed || u.calls != c.calls {
				t.Errorf("replayed %v, carried out %d times, error %v; want %v, %d, code %q", replayed, u.calls, err, c.replayed, c.calls, c.code)
			}
			if err == nil && out != c.want {
				t.Errorf("got %v, want %v", out, c.want)
			}
		})
	}
}

func TestRequestID(t *testing.T) {
	s := newStore(t)
	u := &counter{runner: usecase.New(s, &noJobs{}, plainSeal{})}
	for _, c := range []struct {
		what, id string
		code     licensing.Code
	}{
		{"255 characters", strings.Repeat("ü", 255), ""},
		{"256 characters", strings.Repeat("x", 256), licensing.CodeInvalidRequest},
		{"a line break", "a\nb", licensing.CodeInvalidRequest},
		{"a zero byte", "a\x00b", licensing.CodeInvalidRequest},
		{"no UTF-8", "a\xff", licensing.CodeInvalidRequest},
		{"blanks and signs", " id <1> & 'two'", ""},
	} {
		if _, _, err := u.run(t.Context(), actor("ada", "north"), "Add", c.id, input{}); code(err) != c.code || c.code != "" && licensing.AsError(err).Field != "requestId" {
			t.Errorf("%s: %v, want code %q", c.what, err, c.code)
		}
	}
}

// TestStoredAnswerIsBound puts one request's answer in another's place.
func TestStoredAnswerIsBound(t *testing.T) {
	s := newStore(t)
	u := &counter{runner: usecase.New(s, &noJobs{}, plainSeal{})}
	ada := actor("ada", "north")
	for _, id := range []string{"one", "two"} {
		if _, _, err := u.run(t.Context(), ada, "Add", id, input{1, "north"}); err != nil {
			t.Fatal(err)
		}
	}
	err := s.Write(t.Context(), func(tx licensing.Tx) error {
		_, two, err := tx.ClaimRequest(t.Context(), "ada", "two", []byte("any"))
		if err != nil {
			return err
		}
		return tx.StoreAnswer(t.Context(), "ada", "one", two.Answer)
	})
	if err != nil {
		t.Fatal(err)
	}
	if out, _, err := u.run(t.Context(), ada, "Add", "one", input{1, "north"}); code(err) != licensing.CodeInternal {
		t.Errorf("got %v, %v; want an internal error", out, err)
	}
}

// racy is a store whose transactions lose a number of races before one commits.
type racy struct {
	licensing.Store
	lose int
	runs int
}

func (r *racy) Write(ctx context.Context, fn func(licensing.Tx) error) error {
	r.runs++
	lost := r.runs <= r.lose
	return r.Store.Write(ctx, func(tx licensing.Tx) error {
		if err := fn(tx); err != nil || !lost {
			return err
		}
		return licensing.ErrRace
	})
}

func (r *racy) Read(ctx context.Context, fn func(licensing.Tx) error) error {
	if r.runs++; r.runs <= r.lose {
		return licensing.ErrRace
	}
	return r.Store.Read(ctx, fn)
}

func TestRacesAreRunAgain(t *testing.T) {
	for _, c := range []struct {
		lose int
		code licensing.Code
	}{{0, ""}, {1, ""}, {11, ""}, {12, licensing.CodeConflict}, {1000, licensing.CodeConflict}} {
		s := &racy{Store: newStore(t), lose: c.lose}
		u := &counter{runner: usecase.New(s, &noJobs{}, plainSeal{})}
		out, replayed, err := u.run(t.Context(), actor("ada", "north"), "Add", "id", input{1, "north"})
		if code(err) != c.code || replayed || err == nil && out.N != 2 {
			t.Errorf("%d races lost: %v, %v, %v; want code %q", c.lose, out, replayed, err, c.code)
		}
		if got := written(t, s.Store); (got == "id") != (c.code == "") {
			t.Errorf("%d races lost: %q was written", c.lose, got)
		}
		if s.runs > 12 {
			t.Errorf("%d races lost: run %d times", c.lose, s.runs)
		}
		s.runs = 0
		if _, err := usecase.Read(t.Context(), u.runner, licensing.Actor{}, func(context.Context, *usecase.Tx) (int, error) { return 1, nil }); code(err) != c.code {
			t.Errorf("%d races lost by a reader: %v, want code %q", c.lose, err, c.code)
		}
	}
}

func TestWaitingForRacesEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	s := &racy{Store: newStore(t), lose: 1000}
	u := usecase.New(s, &noJobs{}, plainSeal{})
	_, _, err := usecase.Run(ctx, u, licensing.Actor{}, "Add", "", 1, func(context.Context, *usecase.Tx, int) (int, error) {
		cancel()
		return 0, nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want that the context has ended", err)
	}
}

// TestReadOnlyActor refuses every write of who only looks, also one that was carried out before for the same
// membership.
func TestReadOnlyActor(t *testing.T) {
	s := newStore(t)
	c := counter{runner: usecase.New(s, &noJobs{}, plainSeal{})}
	ada := actor("ada", "north")
	if _, _, err := c.run(t.Context(), ada, "Add", "one", input{N: 1}); err != nil {
		t.Fatal(err)
	}
	ada.Via = licensing.ViaSimulation
	for _, id := range []string{"", "one", "two"} {
		out, replayed, err := c.run(t.Context(), ada, "Add", id, input{N: 1})
		if code(err) != licensing.CodeDenied || replayed || out != (output{}) {
			t.Errorf("request %q: %+v, %v, %v", id, out, replayed, err)
		}
	}
	if c.calls != 1 || written(t, s) != "one" {
		t.Errorf("carried out %d times, the last as %q", c.calls, written(t, s))
	}
}
