package portaltest

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// browserPath is where Debian keeps the browser; KONTOR_CHROMIUM names another.
const browserPath = "/usr/bin/chromium"

// The widths at which the pages are drawn.
const (
	Desk  = 1440
	Phone = 390
)

// theBrowser is started once; every test gets a context of its own in it, with its own cookies.
var theBrowser struct {
	once sync.Once
	ctx  context.Context
	err  error
	stop func()
}

// CloseBrowser ends the browser, if one was started. TestMain calls it after the tests.
func CloseBrowser() {
	if theBrowser.stop != nil {
		theBrowser.stop()
	}
}

func startBrowser() {
	path := browserPath
	if other := os.Getenv("KONTOR_CHROMIUM"); other != "" {
		path = other
	}
	if _, err := os.Stat(path); err != nil {
		theBrowser.err = fmt.Errorf("the browser tests need Chromium at %s (Debian's package chromium), or KONTOR_CHROMIUM: %w", path, err)
		return
	}
	data, err := os.MkdirTemp("", "kontor-browser-")
	if err != nil {
		theBrowser.err = err
		return
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(data),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("no-proxy-server", true),
	)
	allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, stopBrowser := chromedp.NewContext(allocator)
	theBrowser.stop = func() {
		stopBrowser()
		stopAllocator()
		_ = os.RemoveAll(data)
	}
	theBrowser.ctx, theBrowser.err = ctx, chromedp.Do(ctx)
}

// Tab is one window of a test: what it shows, and what the browser complained about.
type Tab struct {
	t          *testing.T
	Context    context.Context
	url        string
	complaints []string // written by the listener alone, read when it has ended
}

// Open opens a window of a width. When the test ends, the browser must not have complained: about our content
// security policy, or about an error in a script.
func Open(t *testing.T, url string, width int64) *Tab {
	t.Helper()
	theBrowser.once.Do(startBrowser)
	if theBrowser.err != nil {
		t.Fatal(theBrowser.err)
	}
	ctx, cancel := chromedp.NewContext(theBrowser.ctx, chromedp.WithNewBrowserContext())
	b := &Tab{t: t, Context: ctx, url: url}
	console := chromedp.Console(ctx)
	b.Resize(width, 1000)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for m, err := range console {
			if err != nil {
				return
			}
			b.hear(m)
		}
	}()
	t.Cleanup(func() {
		cancel()
		<-done
		slices.Sort(b.complaints)
		for _, c := range slices.Compact(b.complaints) {
			t.Errorf("the browser complains: %s", c)
		}
	})
	return b
}

// In lets a subtest go on in the window: its failures are the subtest's.
func (b *Tab) In(t *testing.T) { b.t = t }

// Resize makes the window a phone's or a desk's.
func (b *Tab) Resize(width, height int64) {
	b.t.Helper()
	var options []chromedp.EmulateViewportOption
	if width == Phone {
		options = append(options, chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulatePortrait)
	}
	b.Do(chromedp.EmulateViewport(width, height, options...))
}

// hear keeps what the browser complains about. That an answer has an error's status is no complaint: some tests are
// about that.
func (b *Tab) hear(m chromedp.ConsoleMessage) {
	if m.Source != "network" && (m.IsException() || m.Type == "error" || m.Type == "warning") {
		b.complaints = append(b.complaints, m.String())
	}
}

// Do runs actions, and ends the test when one fails.
func (b *Tab) Do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.Context, patience)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		b.t.Fatalf("%v\npage: %s", err, b.Where())
	}
}

// patience is how long a page may take to do what a test waits for.
const patience = 20 * time.Second

// Where is the address and the heading that the window shows.
func (b *Tab) Where() string {
	ctx, cancel := context.WithTimeout(b.Context, time.Second)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`location + " " + document.querySelector("h1")?.textContent`))
	if err != nil {
		return err.Error()
	}
	return text
}

// GoTo opens a page of the portal.
func (b *Tab) GoTo(path string) {
	b.t.Helper()
	b.Do(chromedp.Navigate(b.url + path))
}

// Click clicks on an element.
func (b *Tab) Click(selector string) {
	b.t.Helper()
	b.Do(chromedp.Click(chromedp.CSS(selector)))
}

// Push presses a button that moves while the page changes around it, which a mouse would miss.
func (b *Tab) Push(selector string) {
	b.t.Helper()
	JS[bool](b, "document.querySelector("+strconv.Quote(selector)+").click() || true")
}

// Put types a text into an empty field.
func (b *Tab) Put(selector, text string) {
	b.t.Helper()
	b.Do(chromedp.SendKeys(chromedp.CSS(selector), text))
}

// Set gives a field a value as if it was picked: for dates, whose typing depends on the browser's language.
func (b *Tab) Set(selector, value string) {
	b.t.Helper()
	JS[bool](b, fmt.Sprintf(`(() => { const f = document.querySelector(%q); f.value = %q; f.dispatchEvent(new Event("input", {bubbles: true})); return true })()`, selector, value))
}

// Press presses keys one after another, wherever the focus is. The character travels with its key, as from a
// keyboard, so that a page which takes the key does not also get the character.
func (b *Tab) Press(keys string, modifiers ...chromedp.Modifier) {
	b.t.Helper()
	b.Until(`document.readyState === "complete"`)
	b.Do(func(ctx context.Context, t *chromedp.Target) (none chromedp.Void, err error) {
		for _, r := range keys {
			events := kb.Encode(r)
			down, up := *events[0], *events[len(events)-1]
			if len(events) == 3 && len(modifiers) == 0 {
				down.Text, down.UnmodifiedText = events[1].Text, events[1].UnmodifiedText
			}
			for _, event := range []input.DispatchKeyEventParams{down, up} {
				for _, m := range modifiers {
					event.Modifiers |= int64(m)
				}
				if _, err := cdp.Call(ctx, t, input.DispatchKeyEvent, event); err != nil {
					return none, err
				}
			}
		}
		return none, nil
	})
}

// Shows waits until an element can be seen.
func (b *Tab) Shows(selector string) {
	b.t.Helper()
	b.Until(fmt.Sprintf(`!!document.querySelector(%q)?.checkVisibility()`, selector))
}

// SignIn signs somebody in and leaves the window at his home.
func (b *Tab) SignIn(email, password string) {
	b.t.Helper()
	b.GoTo("/sign-in")
	b.Put("#email", email)
	b.Put("#password", password)
	b.Click("button.btn-primary")
	b.Shows(".k-acting")
}

// Sees waits until the page's text contains all texts.
func (b *Tab) Sees(texts ...string) {
	b.t.Helper()
	for _, text := range texts {
		b.Until(fmt.Sprintf(`document.body.innerText.includes(%q)`, text))
	}
}

// Until waits until an expression of the page is true; the page may change meanwhile.
func (b *Tab) Until(expression string) {
	b.t.Helper()
	deadline := time.Now().Add(patience)
	for {
		ok, err := chromedp.Run(b.Context, chromedp.Evaluate[bool](expression))
		if ok {
			return
		}
		if b.Context.Err() != nil || time.Now().After(deadline) {
			b.t.Fatalf("%s does not become true: %v\npage: %s", expression, err, b.Where())
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// JS evaluates an expression of the page.
func JS[T any](b *Tab, expression string, options ...chromedp.EvaluateOption) T {
	b.t.Helper()
	value, err := chromedp.Run(b.Context, chromedp.Evaluate[T](expression, options...))
	if err != nil {
		b.t.Fatalf("%s: %v\npage: %s", expression, err, b.Where())
	}
	return value
}

// Downloads lets the window put files into a folder.
func (b *Tab) Downloads(folder string) {
	b.t.Helper()
	b.Do(func(ctx context.Context, t *chromedp.Target) (none chromedp.Void, err error) {
		window, err := cdp.Call(ctx, t, target.GetTargetInfo, target.GetTargetInfoParams{})
		if err != nil {
			return none, err
		}
		_, err = cdp.Call(ctx, t, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
			Behavior: browser.SetDownloadBehaviorBehaviorAllow, BrowserContextID: window.TargetInfo.BrowserContextID, DownloadPath: folder,
		})
		return none, err
	})
}

// ClickWith clicks on an element while a key is held, as Shift is.
func (b *Tab) ClickWith(selector string, held chromedp.Modifier) {
	b.t.Helper()
	at := JS[[]float64](b, fmt.Sprintf(`(() => { const e = document.querySelector(%q); e.scrollIntoView({block: "center"}); const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2] })()`, selector))
	b.Do(chromedp.MouseClickXY(at[0], at[1], chromedp.ButtonModifiers(held)))
}

// WithoutScripts switches scripts off, as some people do. What a test evaluates still runs.
func (b *Tab) WithoutScripts() {
	b.t.Helper()
	b.Do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return chromedp.Void{}, err
	})
}
