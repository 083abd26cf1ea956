package sheet_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"kontor/internal/licensing"
	"kontor/internal/sheet"
)

func TestHarmless(t *testing.T) {
	for in, want := range map[string]string{
		"":                   "",
		"Bright Studio":      "Bright Studio",
		"a+b=c, -1 @home":    "a+b=c, -1 @home",
		"=1+1":               "'=1+1",
		"+49 30 1234":        "'+49 30 1234",
		"@SUM(A1)":           "'@SUM(A1)",
		"-2+3":               "'-2+3",
		"-12.50":             "'-12.50",
		"-12":                "'-12",
		"-1e5":               "'-1e5",
		"-Inf":               "'-Inf",
		"  =1":               "  '=1",
		"＝1＋1":               "'＝1＋1",
		"＋1":                 "'＋1",
		"－1":                 "'－1",
		"＠x":                 "'＠x",
		"\tx":                "'\tx",
		"\rx":                "'\rx",
		"\nx":                "'\nx",
		"\t=1":               "'\t'=1",
		"x;=1+1":             "x;'=1+1",
		"x; -1;+2;y":         "x; '-1;'+2;y",
		"x;\"=1+1\"":         "x;\"'=1+1\"",
		"x\t＝1":              "x\t'＝1",
		"one\r\n=2":          "one\r\n'=2",
		"x;\u00a0\ufeff@SUM": "x;\u00a0\ufeff'@SUM",
	} {
		if got := sheet.Harmless(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

// FuzzHarmless holds that no part of a text that a spreadsheet could take for a cell is a formula, and that nothing but
// apostrophes is added.
func FuzzHarmless(f *testing.F) {
	for _, s := range []string{"", "=1", "a;=1", "a;\"=1", "\t＝", "-1.5", "x\n -2", "'=1", "\xff=1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		out := sheet.Harmless(in)
		parts := strings.FieldsFunc(out, func(r rune) bool { return strings.ContainsRune(";\t\r\n", r) })
		for _, part := range parts {
			begin := strings.TrimLeft(part, " \u00a0\ufeff\"")
			if strings.IndexAny(begin, "=+-@＝＋－＠") == 0 {
				t.Errorf("%q becomes %q, in which %q is a formula", in, out, part)
			}
		}
		if out == in && in != "" && strings.IndexAny(in, "\t\r\n") == 0 {
			t.Errorf("%q stays", in)
		}
		without := func(s string) string { return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "'", "") }
		if len(in) == len(strings.ToValidUTF8(in, "")) && without(out) != without(in) {
			t.Errorf("%q becomes %q", in, out)
		}
	})
}

// TestFiles writes the same lines as CSV and as a workbook.
func TestFiles(t *testing.T) {
	line := []sheet.Cell{"=1", 12, licensing.Day{Year: 2027, Month: 1, Date: 31}, &licensing.Money{Minor: -123450, Currency: "EUR"}, nil, licensing.Day{}, sheet.Amount{Minor: -5, Currency: "JPY"}}
	titles := []string{"@a", "b", "c", "d", "e", "f", "g"}
	write := func(f sheet.File, err error) {
		t.Helper()
		if err == nil {
			err = f.Line(line)
		}
		if err == nil {
			err = f.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		f.Discard()
	}
	var csv, book bytes.Buffer
	write(sheet.NewCSV(&csv, titles))
	if got, want := csv.String(), "\ufeff'@a,b,c,d,e,f,g\r\n'=1,12,2027-01-31,-1234.50 EUR,,,-5\r\n"; got != want {
		t.Errorf("the CSV is %q, want %q", got, want)
	}
	write(sheet.NewWorkbook(&book, "Lines", titles))
	read, err := excelize.OpenReader(&book)
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	rows, err := read.GetRows("Lines")
	if got, want := strings.Join(append(rows[0], rows[1]...), "|"), "'@a|b|c|d|e|f|g|'=1|12|2027-01-31|-1,234.50 EUR|||-5 JPY"; err != nil || got != want {
		t.Errorf("the workbook is %q (%v), want %q", got, err, want)
	}
	if titles[0] != "@a" {
		t.Error("the titles were changed")
	}
}
