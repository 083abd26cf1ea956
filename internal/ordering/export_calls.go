package ordering

import (
	"cmp"
	"context"
	"strings"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/usecase"
)

// callSource reads the log of calls.
func callSource(e licensing.Export) (exportSource, error) {
	f, err := filterIn[licensing.CallFilter](e.Filter)
	return exportSource{
		count: func(ctx context.Context, tx *usecase.Tx, s licensing.Sight) (licensing.Count, error) {
			return tx.CountCalls(ctx, s, f, 0)
		},
		page: func(ctx context.Context, tx *usecase.Tx, s licensing.Sight, after string, size int) (lines []line, next string, err error) {
			f.After, f.Limit = after, size
			rows, err := tx.CallRows(ctx, s, f)
			licensing.CallsFor(tx.Actor, rows)
			// A call of nobody known is the root's, which alone has it in sight.
			lines, next = linesOf(e.Columns, rows, func(r licensing.CallRow) (licensing.GroupID, string) { return cmp.Or(r.Group, s.Group), r.Cursor },
				func(column string, r licensing.CallRow) cell { return callCell(column, r, tx.Now().Zone, e.Words) })
			return lines, next, err
		},
	}, err
}

func callCell(column string, r licensing.CallRow, zone *time.Location, words map[string]string) cell {
	switch column {
	case "time":
		return r.At.In(zone).Format("2006-01-02 15:04:05.000")
	case "account":
		if r.Named != "" { // it did not act: its name is said to be named
			text, _ := word(words, "account.named").(string)
			return strings.Replace(text, "*", r.Name, 1)
		}
		return r.Name
	case "group":
		return r.GroupName
	case "address":
		return r.Remote
	case "operation":
		return r.Operation
	case "requestId":
		return r.RequestID
	case "outcome":
		return word(words, "outcome."+string(r.Outcome))
	case "took":
		return int(r.Took.Milliseconds())
	case "order":
		return r.Order
	case "reference":
		return r.Reference
	case "version":
		return r.Version
	case "in":
		return r.InSize
	case "out":
		return r.OutSize
	default:
		return nil
	}
}
