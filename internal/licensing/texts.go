package licensing

import "strings"

// Texts is a text in languages other than English, by BCP 47 tag ("de", "pt-BR"). English stands beside it, and is
// what everybody reads who has no text of his own.
type Texts map[string]string

// In returns the text in a language: in exactly that one, in the language without its region, or in English.
func (t Texts) In(lang, english string) string {
	for lang != "" {
		if text := t[lang]; text != "" {
			return text
		}
		cut := strings.LastIndexByte(lang, '-')
		if cut < 0 {
			break
		}
		lang = lang[:cut]
	}
	return english
}

// LabelIn returns what a parameter is called in a language under a rule: the rule's own label, the parameter's, or its
// name.
func (p Parameter) LabelIn(r Rule, lang string) string {
	if r.Label != "" {
		return r.Labels.In(lang, r.Label)
	}
	if p.Label != "" {
		return p.Labels.In(lang, p.Label)
	}
	return p.Name
}

// HelpIn returns the help text of a parameter in a language under a rule.
func (p Parameter) HelpIn(r Rule, lang string) string {
	if r.Help != "" {
		return r.Helps.In(lang, r.Help)
	}
	return p.Helps.In(lang, p.Help)
}

// ReasonIn returns why a value is fixed, in a language.
func (r Rule) ReasonIn(lang string) string { return r.Reasons.In(lang, r.Reason) }

// LabelIn returns what a data field is called in a language.
func (f DataField) LabelIn(lang string) string { return f.AsParameter().LabelIn(f.Rule, lang) }

// HelpIn returns the help text of a data field in a language.
func (f DataField) HelpIn(lang string) string { return f.AsParameter().HelpIn(f.Rule, lang) }
