package licensing

// ViaSimulation is the way in of an admin who looks at the portal as another membership does. The actor is that
// membership, so that it reads what it would read; it writes nothing.
const ViaSimulation = "simulation"

// ReadOnly reports whether the actor only looks. The runner refuses to write for such an actor, whatever the use case.
func (a Actor) ReadOnly() bool { return a.Via == ViaSimulation }

// ReadOnlyError is what every write of such an actor, and everything that he may not take along, is refused with.
func ReadOnlyError() *Error {
	return DeniedError("", "You see the portal as somebody else: nothing can be changed, and no license file taken along. Go back to yourself first.")
}
