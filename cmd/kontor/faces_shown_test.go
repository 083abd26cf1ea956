package main

import (
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"kontor/internal/licensing"
)

// says holds the page against texts of the answer, by what they are.
func (c *compared) says(texts map[string]string) {
	page := html.UnescapeString(c.page)
	for what, text := range texts {
		if text == "" || !strings.Contains(page, text) {
			c.Errorf("the page does not show the %s %q", what, text)
		}
	}
}

// text is what stands in the answer at a path; empty when there is nothing.
func (c *compared) text(path string) string {
	if e := c.answer.FindElement(path); e != nil {
		return e.Text()
	}
	return ""
}

// texts are all that stand at a path.
func (c *compared) texts(path string) (all []string) {
	for _, e := range c.answer.FindElements(path) {
		all = append(all, e.Text())
	}
	return all
}

// day is one of the answer, as people read it.
func (c *compared) day(path string) string {
	at, err := time.Parse(time.DateOnly, c.text(path))
	if err != nil {
		c.Error(err)
	}
	return at.Format("2 January 2006")
}

// showsLicense holds a license's page, and the file that it gives out, against GetLicense.
func showsLicense(c *compared) {
	c.says(map[string]string{
		"ticket": c.text("license/ticket"), "order": c.text("license/orderNumber"), "product": c.text("license/productName"), "customer": c.text("license/customer/name"),
		"data field": c.text("license/dataFields/dataField/value"), "seats": c.text("license/parameters/parameter/value"),
		"state": map[string]string{"active": "Active"}[c.text("license/state")], "end": c.day("license/subscription/endDate"),
	})
	status, file, _ := c.p.send(c.T, "/as/aurora/licenses/"+c.byPage.license+"/file", nil)
	if status != http.StatusOK || strings.TrimSpace(file) != strings.TrimSpace(c.text("license/licenseFile")) {
		c.Errorf("the file (%d) is not the one of the answer", status)
	}
}

// showsOrder holds an order's page against GetOrder.
func showsOrder(c *compared) {
	texts := map[string]string{
		"number": c.text("order/orderNumber"), "customer": c.text("order/customer/name"), "data field": c.text("order/dataFields/dataField/value"),
		"document": map[string]string{"waiting": "Being passed on to"}[c.text("order/documents/document/state")],
	}
	for _, l := range c.answer.FindElements("order/lines/line") {
		texts["amount"] = l.FindElement("amount").Text()
		texts["ticket"] = l.FindElement("tickets/ticket").Text()
	}
	for _, l := range c.answer.FindElements("order/licenses/license") {
		texts["product"] = l.FindElement("productName").Text()
	}
	c.says(texts)
}

// showsSubscription holds a license's page against GetSubscription.
func showsSubscription(c *compared) {
	c.says(map[string]string{
		"end": c.day("subscription/endDate"), "last day to cancel": c.day("subscription/cancelBy"), "next end": c.day("subscription/nextEndDate"),
		"type": map[string]string{"license": "License subscription"}[c.text("subscription/type")],
	})
}

// showsLicenses holds the list, as it is exported, against FindLicenses: the same tickets.
func showsLicenses(c *compared) {
	form := url.Values{"list": {"licenses"}, "below": {"northwind"}, "format": {"csv"}, "column": {"ticket"}}
	status, _, where := c.p.send(c.T, "/as/aurora/exports", form)
	if status != http.StatusSeeOther {
		c.Fatalf("the export answers %d", status)
	}
	if err := c.h.ordering.RunExport(c.Context(), licensing.ExportID(where[strings.LastIndex(where, "/")+1:])); err != nil {
		c.Fatal(err)
	}
	_, file, _ := c.p.send(c.T, where+"/file", nil)
	exported := strings.Fields(strings.TrimPrefix(file, "\uFEFF"))[1:] // behind the column's name
	found := c.texts("licenses/license/ticket")
	slices.Sort(exported)
	slices.Sort(found)
	if diff := cmp.Diff(found, exported); diff != "" || len(found) == 0 {
		c.Errorf("tickets (-SOAP +export):\n%s", diff)
	}
}

// showsOffers holds the page on which a product is chosen against ListOffers: the same offers.
func showsOffers(c *compared) {
	texts := map[string]string{}
	for _, offer := range c.answer.FindElements("categories/category/offers/offer") {
		product := offer.FindElement("product").Text()
		texts["offer "+product], texts["name of "+product] = product, offer.FindElement("name").Text()
	}
	c.says(texts)
	if shown, answered := strings.Count(c.page, "data-filter-text"), len(texts)/2; shown != answered || answered == 0 {
		c.Errorf("%d offers are shown, %d answered", shown, answered)
	}
}

// told are how the history of a license calls the changes that the feed tells.
var told = map[string]string{
	string(licensing.TellLicenseSuspended): "Suspended by", string(licensing.TellLicenseReinstated): "Reinstated by",
	string(licensing.TellSubscriptionCancelled): "Cancelled by", "licenseCreated": "Created by",
}

// showsChanges holds the history on a license's page against ListChanges: the same changes, as often.
func showsChanges(c *compared) {
	kinds := map[string]int{}
	for _, change := range c.answer.FindElements("changes/change") {
		if ticket := change.FindElement("ticket"); ticket != nil && ticket.Text() == c.bySOAP.ticket {
			kinds[change.FindElement("kind").Text()]++
		}
	}
	history := c.page[max(0, strings.Index(c.page, ">History<")):]
	for kind, words := range told {
		if shown := strings.Count(history, words); shown != kinds[kind] || shown != 1 {
			c.Errorf("%s: told %d times, shown %d times", kind, kinds[kind], shown)
		}
	}
	if len(kinds) != len(told) {
		c.Errorf("told are %v", kinds)
	}
}

// showsNoChanges holds that nothing is told of a license beyond sight.
func showsNoChanges(c *compared) {
	if slices.Contains(c.texts("changes/change/orderNumber"), c.bySOAP.order) {
		c.Error("a change beyond sight is told")
	}
}
