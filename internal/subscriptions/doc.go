// Package subscriptions holds the use cases that keep licenses running: start, cancel, extend,
// remind. It writes subscriptions, periods, and when to remind of what.
//
// Extending is one pure function of the plan and the last period (licensing.Plan.NextPeriod), applied by one use case
// and unique per subscription and period number: the sweep, a retry, a second process and a replay cannot extend
// twice, and after a long downtime every missed period is made in order.
package subscriptions
