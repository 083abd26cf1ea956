package portal

import (
	"context"
	"embed"
	"fmt"
	"html"
	"io"

	"github.com/a-h/templ"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/pelletier/go-toml/v2"
	"golang.org/x/text/language"
)

//go:embed locales/*.toml
var localeFiles embed.FS

type localizerKey struct{}

// newBundle reads every language in locales/.
func newBundle() (*i18n.Bundle, error) {
	bundle := i18n.NewBundle(language.English)
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	files, err := localeFiles.ReadDir("locales")
	if err != nil {
		return nil, fmt.Errorf("reading the languages: %w", err)
	}
	for _, f := range files {
		if _, err := bundle.LoadMessageFileFS(localeFiles, "locales/"+f.Name()); err != nil {
			return nil, fmt.Errorf("reading the language file %s: %w", f.Name(), err)
		}
	}
	return bundle, nil
}

// withWords returns a context in which T speaks the first of the wanted languages (an Accept-Language header) that
// there is.
func withWords(ctx context.Context, bundle *i18n.Bundle, accept string) context.Context {
	return context.WithValue(ctx, localizerKey{}, i18n.NewLocalizer(bundle, accept))
}

// T returns the text called key in the language of ctx. args are names and values in turn ("Name", "Anna"); the
// value of "Count" also chooses between singular and plural. A key that no language has shows itself: a test finds
// it before a person does.
func T(ctx context.Context, key string, args ...any) string {
	localizer, ok := ctx.Value(localizerKey{}).(*i18n.Localizer)
	if !ok {
		return key
	}
	config := &i18n.LocalizeConfig{MessageID: key, TemplateData: pairs(args)}
	if count, ok := config.TemplateData.(map[string]any)["Count"]; ok {
		config.PluralCount = count
	}
	text, err := localizer.Localize(config)
	if err != nil && text == "" {
		return key
	}
	return text
}

// markup is HTML that was made here, from escaped parts.
type markup string

// Rich is T for a text with markup in it, such as <b>. Its arguments are escaped, unless they are links.
func Rich(ctx context.Context, key string, args ...any) templ.Component {
	safe := make([]any, len(args))
	for i, a := range args {
		switch v := a.(type) {
		case markup:
			safe[i] = string(v)
		case string:
			safe[i] = html.EscapeString(v)
		default:
			safe[i] = v
		}
	}
	text := T(ctx, key, safe...)
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
}

// link is an argument of Rich that leads somewhere within the portal.
func link(href, text string) markup {
	return markup(`<a href="` + html.EscapeString(href) + `">` + html.EscapeString(text) + `</a>`)
}

func pairs(args []any) map[string]any {
	data := make(map[string]any, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		data[args[i].(string)] = args[i+1]
	}
	return data
}
