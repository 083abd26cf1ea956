package ordering

import (
	"context"
	"strings"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/sheet"
	"kontor/internal/usecase"
)

// FieldColumn begins the name of a column that shows a data field.
const FieldColumn = "field."

// ExportColumns are the columns that each list has beside data fields.
var ExportColumns = map[licensing.ListKind][]string{
	licensing.ListOfLicenses: {
		"ticket", "license", "seats", "quantity", "customer", "customerNumber", "email", "order", "number", "group", "category", "created", "ends", "cancelBy", "yearly", "state",
	},
	licensing.ListOfOrders:    {"order", "number", "customer", "customerNumber", "products", "group", "created", "document", "amount"},
	licensing.ListOfCustomers: {"customer", "contact", "customerNumber", "email", "country", "group", "created", "licenses", "orders"},
	licensing.ListOfPeople:    {"name", "email", "group", "role", "state", "since"},
	licensing.ListOfCalls:     {"time", "account", "group", "address", "operation", "requestId", "outcome", "took", "order", "reference", "version", "in", "out"},
}

type cell = sheet.Cell

// line is one line of a file, and whose it is.
type line struct {
	group licensing.GroupID
	cells []cell
}

// exportSource reads a list page by page.
type exportSource struct {
	count func(ctx context.Context, tx *usecase.Tx, s licensing.Sight) (licensing.Count, error)
	// page reads what follows a cursor, and says where it ends.
	page func(ctx context.Context, tx *usecase.Tx, s licensing.Sight, after string, size int) (lines []line, next string, err error)
}

// linesOf are the lines of a page of rows, and the cursor of the last one.
func linesOf[R any](columns []string, rows []R, identify func(R) (licensing.GroupID, string), of func(column string, r R) cell) (lines []line, next string) {
	for _, r := range rows {
		var l line
		l.group, next = identify(r)
		for _, c := range columns {
			l.cells = append(l.cells, of(c, r))
		}
		lines = append(lines, l)
	}
	return lines, next
}

// sourceOf is how an export reads its list.
func sourceOf(e licensing.Export) (exportSource, error) {
	switch e.List {
	case licensing.ListOfLicenses:
		return licenseSource(e)
	case licensing.ListOfOrders:
		return orderSource(e)
	case licensing.ListOfPeople:
		return peopleSource(e)
	case licensing.ListOfCalls:
		return callSource(e)
	default:
		return customerSource(e)
	}
}

func licenseSource(e licensing.Export) (exportSource, error) {
	f, err := filterIn[licensing.LicenseFilter](e.Filter)
	return exportSource{
		count: func(ctx context.Context, tx *usecase.Tx, s licensing.Sight) (licensing.Count, error) {
			veil, err := veilOf(ctx, tx)
			if err != nil {
				return licensing.Count{}, err
			}
			f.Without, f.QueryFields = veil.hiding(f.DataFields), veil.searched()
			return tx.CountLicenses(ctx, s, f, 0)
		},
		page: func(ctx context.Context, tx *usecase.Tx, s licensing.Sight, after string, size int) (lines []line, next string, err error) {
			veil, err := veilOf(ctx, tx)
			if err != nil {
				return nil, "", err
			}
			f.After, f.Limit, f.Without, f.QueryFields = after, size, veil.hiding(f.DataFields), veil.searched()
			rows, err := tx.LicenseRows(ctx, s, f)
			veil.licenseRows(rows)
			lines, next = linesOf(e.Columns, rows, func(r licensing.LicenseRow) (licensing.GroupID, string) { return r.Group, r.Cursor },
				func(column string, r licensing.LicenseRow) cell { return licenseCell(column, r, tx.Now(), e.Words) })
			return lines, next, err
		},
	}, err
}

// word is what a value is called in the owner's language.
func word(words map[string]string, name string) cell {
	if w := words[name]; w != "" {
		return w
	}
	return name
}

func licenseCell(column string, r licensing.LicenseRow, now licensing.Moment, words map[string]string) cell {
	switch column {
	case "ticket":
		return r.Ticket
	case "license":
		return r.ProductName
	case "seats":
		if r.Seats == 0 {
			return nil
		}
		return r.Seats
	case "quantity":
		return r.Quantity
	case "customer":
		return calledCustomer(r.Customer)
	case "customerNumber":
		return r.Customer.Number
	case "email":
		return r.Customer.Email
	case "order":
		return r.OrderNumber
	case "number":
		return firstField(r.DataFields)
	case "group":
		return r.GroupName
	case "category":
		return r.CategoryName
	case "created":
		return licensing.DayOf(r.CreatedAt, now.Zone)
	case "ends":
		return r.Ends
	case "cancelBy":
		return r.CancelBy
	case "yearly":
		return r.Yearly
	case "state":
		return word(words, "state."+string(r.StateAt(now.Business)))
	default:
		return field(column, r.DataFields)
	}
}

func orderSource(e licensing.Export) (exportSource, error) {
	f, err := filterIn[licensing.OrderFilter](e.Filter)
	return exportSource{
		count: func(ctx context.Context, tx *usecase.Tx, s licensing.Sight) (licensing.Count, error) {
			veil, err := veilOf(ctx, tx)
			if err != nil {
				return licensing.Count{}, err
			}
			f.Without, f.QueryFields = veil.hiding(f.DataFields), veil.searched()
			return tx.CountOrders(ctx, s, f, 0)
		},
		page: func(ctx context.Context, tx *usecase.Tx, s licensing.Sight, after string, size int) (lines []line, next string, err error) {
			veil, err := veilOf(ctx, tx)
			if err != nil {
				return nil, "", err
			}
			f.After, f.Limit, f.Without, f.QueryFields = after, size, veil.hiding(f.DataFields), veil.searched()
			rows, err := tx.OrderRows(ctx, s, f)
			veil.orderRows(rows)
			lines, next = linesOf(e.Columns, rows, func(r licensing.OrderRow) (licensing.GroupID, string) { return r.Group, r.Cursor },
				func(column string, r licensing.OrderRow) cell { return orderCell(column, r, tx.Now().Zone, e.Words) })
			return lines, next, err
		},
	}, err
}

func orderCell(column string, r licensing.OrderRow, zone *time.Location, words map[string]string) cell {
	switch column {
	case "order":
		return r.Number
	case "number":
		return firstField(r.DataFields)
	case "customer":
		return calledCustomer(r.Customer)
	case "customerNumber":
		return r.Customer.Number
	case "products":
		return strings.Join(r.Products, ", ")
	case "group":
		return r.GroupName
	case "created":
		return licensing.DayOf(r.CreatedAt, zone)
	case "document":
		if r.Document == nil {
			return nil
		}
		if r.Document.Number != "" {
			return r.Document.Number
		}
		return word(words, "document."+string(r.Document.State))
	case "amount":
		return r.Amount
	default:
		return field(column, r.DataFields)
	}
}

func customerSource(e licensing.Export) (exportSource, error) {
	f, err := filterIn[licensing.CustomerFilter](e.Filter)
	return exportSource{
		count: func(ctx context.Context, tx *usecase.Tx, s licensing.Sight) (licensing.Count, error) {
			return tx.CountCustomers(ctx, s, f, 0)
		},
		page: func(ctx context.Context, tx *usecase.Tx, s licensing.Sight, after string, size int) (lines []line, next string, err error) {
			f.After, f.Limit = after, size
			rows, err := tx.CustomerRows(ctx, s, f)
			lines, next = linesOf(e.Columns, rows, func(r licensing.CustomerRow) (licensing.GroupID, string) { return r.Group, r.Cursor },
				func(column string, r licensing.CustomerRow) cell { return customerCell(column, r, tx.Now().Zone) })
			return lines, next, err
		},
	}, err
}

func customerCell(column string, r licensing.CustomerRow, zone *time.Location) cell {
	switch column {
	case "customer":
		return calledCustomer(r.Customer)
	case "contact":
		return r.Customer.Name
	case "customerNumber":
		return r.Customer.Number
	case "email":
		return r.Customer.Email
	case "country":
		return r.Customer.Country
	case "group":
		return r.GroupName
	case "created":
		return licensing.DayOf(r.CreatedAt, zone)
	case "licenses":
		return r.Licenses
	case "orders":
		return r.Orders
	default:
		return nil
	}
}

// calledCustomer is a customer as lists show it: the company when there is one.
func calledCustomer(c licensing.Customer) string {
	if c.Company != "" {
		return c.Company
	}
	return c.Name
}

func firstField(fields []licensing.Value) cell {
	if len(fields) == 0 {
		return nil
	}
	return fields[0].Value
}

func field(column string, fields []licensing.Value) cell {
	value, ok := licensing.ValueOf(fields, strings.TrimPrefix(column, FieldColumn))
	if !ok {
		return nil
	}
	return value
}
