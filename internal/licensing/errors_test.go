package licensing

import (
	"errors"
	"fmt"
	"testing"
)

// TestOnLine holds that a line is put on everything that is wrong, and on nothing else.
func TestOnLine(t *testing.T) {
	seats, edition := InvalidParameter("seats", "Enter 1 to 50."), InvalidParameter("edition", "Choose one.")
	for _, c := range []struct {
		err  error
		want string
	}{
		{nil, "<nil>"},
		{seats, "line 2: seats: Enter 1 to 50."},
		{Problems{seats, edition}, "line 2: seats: Enter 1 to 50. (and 1 more)"},
		{fmt.Errorf("within: %w", seats), "line 2: seats: Enter 1 to 50."},
		{errors.New("disk full"), "disk full"},
	} {
		if got := fmt.Sprint(OnLine(2, c.err)); got != c.want {
			t.Errorf("%v: got %q, want %q", c.err, got, c.want)
		}
	}
	if seats.Line != 0 {
		t.Error("the error itself was changed")
	}
}
