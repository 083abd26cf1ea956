package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kontor/internal/access"
	"kontor/internal/demo"
	"kontor/internal/licensing"
)

// How large the catalog of BenchmarkCatalogPage is.
const (
	manyProducts   = 10_000
	manyCategories = 2_000
	pageReaders    = 32
)

// BenchmarkCatalogPage measures the page on which an offer is chosen, over 32 connections, of members with 200 offers
// among 10,000 products and 2,000 categories: all in one category, which the page lists, or in ten.
func BenchmarkCatalogPage(b *testing.B) {
	for name, database := range engines {
		b.Run(name, func(b *testing.B) {
			h := startHouse(b, b.TempDir(), database(b), false)
			h.fillCatalog(b)
			for email, shape := range map[string]string{"one@northwind.example": "1x200", "ten@northwind.example": "10x20"} {
				session := h.signedIn(b, email)
				b.Run(shape, func(b *testing.B) {
					times := h.readAll(b, session, "/as/northwind/licenses/choose")
					b.ReportMetric(milliseconds(percentile(times, 50)), "p50-ms")
					b.ReportMetric(milliseconds(percentile(times, 99)), "p99-ms")
					b.ReportMetric(float64(len(times))/b.Elapsed().Seconds(), "pages/s")
				})
			}
		})
	}
}

// fillCatalog adds products like Aurora Design and categories that offer five of them each; the first ten offer 20, and
// the last one 200. Two members hold create there.
func (h runningHouse) fillCatalog(b *testing.B) {
	b.Helper()
	numbers := func(most int) string {
		return fmt.Sprintf("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) ", most)
	}
	offers := fmt.Sprintf(`, m (j) AS (SELECT 1 UNION ALL SELECT j + 1 FROM m WHERE j < 200)
		SELECT 'o-' || n.i || '-' || m.j, 'c-' || n.i, 'p-' || (1 + (n.i * 37 + m.j) %% %d), d.rules, m.j
		FROM n JOIN m ON m.j <= CASE WHEN n.i <= 10 THEN 20 WHEN n.i = %d THEN 200 ELSE 5 END
		JOIN offer d ON d.product_id = (SELECT id FROM product WHERE code = 'AUR-DESIGN') AND d.category_id = (SELECT id FROM category WHERE code = 'partner')`,
		manyProducts, manyCategories)
	for _, statement := range []string{
		`INSERT INTO product (id, code, name, subtitle, kind, file_form, parameters, features, plan, price_minor, price_currency, name_key, search) ` + numbers(manyProducts) +
			`SELECT 'p-' || n.i, 'PRODUCT-' || n.i, 'Product ' || n.i, d.subtitle, d.kind, d.file_form, d.parameters, d.features, d.plan, d.price_minor, d.price_currency, 'product ' || n.i, 'product ' || n.i
			FROM n JOIN product d ON d.code = 'AUR-DESIGN'`,
		`INSERT INTO category (id, code, name, description, position) ` + numbers(manyCategories) + `SELECT 'c-' || n.i, 'category-' || n.i, 'Category ' || n.i, '', 10 + n.i FROM n`,
		`INSERT INTO offer (id, category_id, product_id, rules, position) ` + strings.TrimSuffix(numbers(manyCategories), " ") + offers,
	} {
		if _, err := h.store.Pool().ExecContext(b.Context(), statement); err != nil {
			b.Fatalf("%v: %.200s", err, statement)
		}
	}
	if h.store.Engine() == "postgres" {
		if _, err := h.store.Pool().ExecContext(b.Context(), "ANALYZE"); err != nil {
			b.Fatal(err)
		}
	}
	h.addReader(b, "one@northwind.example", manyCategories)
	h.addReader(b, "ten@northwind.example", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
}

// addReader adds a member of Northwind who holds create in some of the categories.
func (h runningHouse) addReader(b *testing.B, email string, categories ...int) {
	b.Helper()
	hash, err := access.HashPassword(demo.Password)
	if err != nil {
		b.Fatal(err)
	}
	ctx := context.Background()
	err = h.store.Write(ctx, func(tx licensing.Tx) error {
		g, err := tx.GroupByCode(ctx, "northwind")
		if err != nil {
			return err
		}
		now := tx.Now().Business
		u := licensing.User{ID: licensing.UserID(licensing.NewID()), Email: email, Name: email, PasswordHash: hash, CreatedAt: now}
		if err := tx.InsertUser(ctx, u); err != nil {
			return err
		}
		err = tx.InsertMembership(ctx, licensing.Membership{ID: licensing.MembershipID(licensing.NewID()), User: u.ID, Group: g.ID, Role: licensing.RoleMember, CreatedAt: now})
		for _, i := range categories {
			if err == nil {
				err = tx.InsertGrant(ctx, licensing.Grant{
					ID: licensing.GrantID(licensing.NewID()), Who: licensing.MemberSubject(email, "northwind"), Category: fmt.Sprint("category-", i), Action: string(licensing.Create), CreatedAt: now,
				})
			}
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
}

// signedIn is a browser's client with somebody's session.
func (h runningHouse) signedIn(b *testing.B, email string) *http.Client {
	b.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		b.Fatal(err)
	}
	c := &http.Client{Jar: jar, Transport: &http.Transport{MaxIdleConnsPerHost: pageReaders}}
	answer, err := c.PostForm(h.url+"/sign-in", url.Values{"email": {email}, "password": {demo.Password}})
	if err != nil {
		b.Fatal(err)
	}
	answer.Body.Close()
	return c
}

// readAll reads a page b.N times over pageReaders connections.
func (h runningHouse) readAll(b *testing.B, c *http.Client, path string) []time.Duration {
	b.Helper()
	times := make([]time.Duration, b.N)
	var next atomic.Int64
	var readers sync.WaitGroup
	b.ResetTimer()
	for range pageReaders {
		readers.Go(func() {
			for i := next.Add(1) - 1; i < int64(b.N); i = next.Add(1) - 1 {
				began := time.Now()
				answer, err := c.Get(h.url + path)
				if err != nil {
					b.Error(err)
					return
				}
				n, err := io.Copy(io.Discard, answer.Body)
				answer.Body.Close()
				if err != nil || answer.StatusCode != http.StatusOK || n < 10_000 {
					b.Errorf("%s: status %d, %d bytes, %v", path, answer.StatusCode, n, err)
					return
				}
				times[i] = time.Since(began)
			}
		})
	}
	readers.Wait()
	b.StopTimer()
	return times
}
