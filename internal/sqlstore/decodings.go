package sqlstore

import (
	"encoding/json"
	"fmt"
	"sync"
)

// decodings keeps what was read out of JSON, by the text itself, for lists that read the same rules over and over: a
// page with 200 offers spends half of its time decoding. What it returns is shared, so nobody may change it. It forgets
// what was not asked for since half of its places were taken anew.
type decodings[T any] struct {
	mu       sync.Mutex
	now, was map[string]T
}

// keptDecodings is how many texts each half holds.
const keptDecodings = 2_000

// of returns what text says.
func (d *decodings[T]) of(text string) (v T, err error) {
	if text == "" {
		return v, nil
	}
	d.mu.Lock()
	v, ok := d.now[text]
	if !ok {
		v, ok = d.was[text]
		if ok {
			d.keep(text, v)
		}
	}
	d.mu.Unlock()
	if ok {
		return v, nil
	}
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return v, fmt.Errorf("decode %T: %w", v, err)
	}
	d.mu.Lock()
	d.keep(text, v)
	d.mu.Unlock()
	return v, nil
}

// keep adds one; the caller holds the lock.
func (d *decodings[T]) keep(text string, v T) {
	if d.now == nil || len(d.now) >= keptDecodings {
		d.now, d.was = map[string]T{}, d.now
	}
	d.now[text] = v
}
