package portal

import (
	"context"

	"kontor/internal/access"
	"kontor/internal/licensing"
)

// groupTree is the tree of groups within sight, ready to be drawn.
type groupTree struct {
	rows  []access.GroupRow
	nodes []groupNode // the actor's own group
}

// groupNode is a group with those directly below it.
type groupNode struct {
	access.GroupRow
	Below  []groupNode
	Chosen bool
}

// newGroupTree builds the tree from rows that come parents first.
func newGroupTree(rows []access.GroupRow, chosen string) groupTree {
	rest := rows
	var take func(depth int) []groupNode
	take = func(depth int) []groupNode {
		var nodes []groupNode
		for len(rest) > 0 && rest[0].Depth >= depth {
			n := groupNode{GroupRow: rest[0], Chosen: rest[0].Group.Code == chosen}
			rest = rest[1:]
			n.Below = take(n.Depth + 1)
			nodes = append(nodes, n)
		}
		return nodes
	}
	return groupTree{rows: rows, nodes: take(0)}
}

// pathText is "Nordic › Fjord".
func pathText(path []licensing.Group) string {
	text := ""
	for i, g := range path {
		if i > 0 {
			text += " › "
		}
		text += g.Name
	}
	return text
}

// moveAddress is where dropping a group asks whether to move it; empty for the actor's own group, which stays.
func moveAddress(ctx context.Context, n groupNode) string {
	if n.Depth == 0 {
		return ""
	}
	return at(ctx, "groups", n.Group.Code, "move")
}
