package portal_test

import "kontor/portal"

type peopleCases = portal.People

// nobody stands in for the use cases about groups and people; what a test asks of them, it sets.
type nobody struct{ peopleCases }
