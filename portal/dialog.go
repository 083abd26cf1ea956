package portal

// question is a dialog that asks before something happens. Its body says what happens then.
type question struct {
	Title     string
	Back      string // the page that Esc and the harmless button lead to
	Action    string // where the form is sent
	Keep      string // the harmless button, the opposite of what is asked
	Button    string // repeats the verb
	Busy      string // what the button says while it works
	Danger    bool   // it takes something from somebody
	RequestID string
	Version   string // of what is edited; empty where nothing is
	Problem   string // what is wrong and speaks of no field
	Typing    bool   // the focus starts in the field that is marked, not on the harmless button
}
