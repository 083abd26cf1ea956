package usecasetest

import (
	"context"
	"math/rand/v2"
	"strings"
	"testing"

	"kontor/internal/licensing"
)

// faulty is a store with something wrong in its transactions.
type faulty struct {
	licensing.Store
	fault func(licensing.Tx) licensing.Tx
	lines func(licensing.Policy) licensing.Policy // what is wrong with lines that are read outside of transactions
}

// plain is a store without what is wrong with it.
func plain(s licensing.Store) licensing.Store {
	switch f := s.(type) {
	case *faulty:
		return f.Store
	case *deafened:
		return f.Store
	default:
		return s
	}
}

// Write implements licensing.Store.
func (f *faulty) Write(ctx context.Context, fn func(licensing.Tx) error) error {
	return f.Store.Write(ctx, func(tx licensing.Tx) error { return fn(f.broken(tx)) })
}

// Read implements licensing.Store.
func (f *faulty) Read(ctx context.Context, fn func(licensing.Tx) error) error {
	return f.Store.Read(ctx, func(tx licensing.Tx) error { return fn(f.broken(tx)) })
}

func (f *faulty) broken(tx licensing.Tx) licensing.Tx {
	if f.fault == nil {
		return tx
	}
	return f.fault(tx)
}

// PolicyLines implements licensing.Store.
func (f *faulty) PolicyLines(ctx context.Context, m licensing.MembershipID) (licensing.Policy, error) {
	p, err := f.Store.PolicyLines(ctx, m)
	if f.lines != nil {
		p = f.lines(p)
	}
	return p, err
}

// noCascade forgets what hangs under a grant.
type noCascade struct{ licensing.Tx }

// GrantsUnder finds the grant alone, as if nothing hung under it.
func (t noCascade) GrantsUnder(ctx context.Context, id licensing.GrantID) ([]licensing.Grant, error) {
	g, err := t.GrantByID(ctx, id)
	return []licensing.Grant{g}, err
}

// DeleteGrant leaves hanging what hangs there.
func (t noCascade) DeleteGrant(ctx context.Context, id licensing.GrantID) error {
	below, err := t.Tx.GrantsUnder(ctx, id)
	if err != nil {
		return err
	}
	for _, g := range below {
		if g.Under == id {
			g.Under = ""
			if err := t.ChangeGrant(ctx, g); err != nil {
				return err
			}
		}
	}
	return t.Tx.DeleteGrant(ctx, id)
}

// tooFar finds no grants to groups that reach a giver: what they support falls.
type tooFar struct{ licensing.Tx }

// GrantsReaching leaves out what reaches by a group.
func (t tooFar) GrantsReaching(ctx context.Context, m licensing.MembershipID) ([]licensing.Grant, error) {
	all, err := t.Tx.GrantsReaching(ctx, m)
	var own []licensing.Grant
	for _, g := range all {
		if strings.HasPrefix(g.Who, "member:") {
			own = append(own, g)
		}
	}
	return own, err
}

// sameGiver writes where a grant hangs, and not who gives it from now on.
type sameGiver struct{ licensing.Tx }

// ChangeGrant keeps who gave it.
func (t sameGiver) ChangeGrant(ctx context.Context, g licensing.Grant) error {
	before, err := t.GrantByID(ctx, g.ID)
	if err != nil {
		return err
	}
	g.GivenBy = before.GivenBy
	return t.Tx.ChangeGrant(ctx, g)
}

// moveAlone settles nothing after a move.
type moveAlone struct{ licensing.Tx }

// GrantsWithin finds none.
func (moveAlone) GrantsWithin(context.Context, licensing.GroupID) ([]licensing.Grant, error) {
	return nil, nil
}

// longEnds lets what hangs under a grant last when that ends earlier.
type longEnds struct{ licensing.Tx }

// ChangeGrant keeps an end that is later than the new one, but for the grant that is asked for.
func (t longEnds) ChangeGrant(ctx context.Context, g licensing.Grant) error {
	before, err := t.GrantByID(ctx, g.ID)
	if err != nil {
		return err
	}
	if before.GivenBy == g.GivenBy && before.Under == g.Under {
		g.Until = before.Until
	}
	return t.Tx.ChangeGrant(ctx, g)
}

// deafened is a process that hears of changes under other names than those that were noted.
type deafened struct {
	faulty
	hear func(licensing.PolicyChange) licensing.PolicyChange
}

// PolicyChanges implements licensing.Store.
func (d *deafened) PolicyChanges(ctx context.Context, after int64) ([]licensing.PolicyChange, int64, error) {
	changes, newest, err := d.Store.PolicyChanges(ctx, after)
	for i, c := range changes {
		changes[i] = d.hear(c)
	}
	return changes, newest, err
}

// mishears is a fault by which a change of some subjects is noted under a name that nobody has.
func mishears(subject func(string) bool) func(licensing.Store) licensing.Store {
	return func(s licensing.Store) licensing.Store {
		return &deafened{faulty{Store: s}, func(c licensing.PolicyChange) licensing.PolicyChange {
			if subject(c.Subject) {
				c.Subject = "group:nobody-has-this-name"
			}
			return c
		}}
	}
}

func inTx(fault func(licensing.Tx) licensing.Tx) func(licensing.Store) licensing.Store {
	return func(s licensing.Store) licensing.Store { return &faulty{Store: s, fault: fault} }
}

func begins(prefix string) func(string) bool {
	return func(s string) bool { return strings.HasPrefix(s, prefix) }
}

// The machine finds each of these faults. What it says then is logged.
func TestTheMachineFindsFaults(t *testing.T) {
	for name, broken := range map[string]func(licensing.Store) licensing.Store{
		"taking back does not cascade":             inTx(func(tx licensing.Tx) licensing.Tx { return noCascade{tx} }),
		"taking back cascades too far":             inTx(func(tx licensing.Tx) licensing.Tx { return tooFar{tx} }),
		"what is passed on keeps its giver":        inTx(func(tx licensing.Tx) licensing.Tx { return sameGiver{tx} }),
		"a move settles nothing":                   inTx(func(tx licensing.Tx) licensing.Tx { return moveAlone{tx} }),
		"another end is not written":               inTx(func(tx licensing.Tx) licensing.Tx { return longEnds{tx} }),
		"a member's change is noted under another": mishears(begins("member:")),
		"a tree's change is noted under another":   mishears(begins("tree:")),
		"a moved clock is not noted":               mishears(func(s string) bool { return s == licensing.Any }),
		"kept answers do not know that a grant ends": func(s licensing.Store) licensing.Store {
			return &faulty{Store: s, lines: func(p licensing.Policy) licensing.Policy {
				p.Ends = 0
				return p
			}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			const lives, steps = 40, 60
			for seed := range uint64(lives) {
				if err := live(t, broken, seed, steps); err != nil {
					t.Logf("found in life %d: %v", seed+1, err)
					return
				}
			}
			t.Errorf("%d lives of %d steps did not find it", lives, steps)
		})
	}
}

// live runs a machine from a seed, for some steps or until something is wrong.
func live(t *testing.T, broken func(licensing.Store) licensing.Store, seed uint64, steps int) error {
	t.Helper()
	m, closing := newMachine(t, "", broken)
	defer closing()
	d := seededDice{rand.New(rand.NewPCG(seed, seed))}
	for range steps {
		if err := m.step(d); err != nil {
			return err
		}
	}
	return nil
}
