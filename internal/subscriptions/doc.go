// Package subscriptions holds the use cases of licenses that run on: start, extend, cancel and withdraw, each with its
// receipt, change the seats, remind, end, and foresee. It writes subscriptions, periods, receipts, when to remind of what,
// and the addresses of calendars.
//
// Extending is one pure function of the license as it is (licensing.License.Extended), applied by one use case
// and unique per subscription and period number: the sweep, a retry, a second process and a replay cannot extend
// twice, and after a long downtime every missed period is made in order.
package subscriptions
