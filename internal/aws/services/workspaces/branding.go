package workspaces

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/png"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/desktops"
	"tamachi/internal/store"
)

// Branding is how a directory's sign-in looks, by kind of device.
type Branding struct {
	Directory string
	Looks     map[string]Look // by the API's name: DeviceTypeWeb
}

// Look is the branding of one kind of device. Logos are named by the key of
// their records.
type Look struct {
	Logos    []string          `json:",omitempty"` // one; of iOS also for two and three times the points, "" where there is none
	Email    string            `json:",omitempty"`
	Link     string            `json:",omitempty"` // of the support page
	Forgot   string            `json:",omitempty"` // where one goes who forgot the password
	Messages map[string]string `json:",omitempty"` // by locale, HTML
}

var brandings = store.Table[Branding]{
	Name: "workspaces.brandings", Reach: store.Regional, Key: func(b *Branding) string { return b.Directory },
}

// logo is a picture (PNG). Anybody may see it who knows its key, as it is shown
// before a person signs in.
type logo struct {
	Name string
	Data []byte
}

var logos = store.Table[logo]{
	Name: "workspaces.logos", Reach: store.Plane, Key: func(l *logo) string { return l.Name },
}

// locale is the only one of login messages (API reference,
// DefaultImportClientBrandingAttributes, LoginMessage).
const locale = "en_US"

// look is what an import asks for, of any kind of device.
type look struct {
	logos               [][]byte
	email, link, forgot *string
	messages            map[string]string
}

func lookOf(a *types.DefaultImportClientBrandingAttributes) *look {
	if a == nil {
		return nil
	}
	return &look{[][]byte{a.Logo}, a.SupportEmail, a.SupportLink, a.ForgotPasswordLink, a.LoginMessage}
}

func iosLookOf(a *types.IosImportClientBrandingAttributes) *look {
	if a == nil {
		return nil
	}
	return &look{[][]byte{a.Logo, a.Logo2x, a.Logo3x}, a.SupportEmail, a.SupportLink, a.ForgotPasswordLink, a.LoginMessage}
}

// check refuses what a client could not show.
func (l *look) check(device string) error {
	if l.email != nil && l.link != nil {
		return invalid(fmt.Sprintf("%s: specify either SupportEmail or SupportLink, not both.", device))
	}
	for _, data := range l.logos {
		if len(data) == 0 {
			continue
		}
		if _, err := png.DecodeConfig(bytes.NewReader(data)); err != nil {
			return invalid(device + ": the logo is not a PNG image.")
		}
	}
	for of, text := range l.messages {
		if of != locale {
			return invalid(fmt.Sprintf("%s: the locale %s is not supported. The only locale supported is en_US.", device, of))
		}
		if tag := strange(text); tag != "" {
			return invalid(fmt.Sprintf("%s: the login message contains %s, which is not supported.", device, tag))
		}
	}
	return nil
}

// tags are the elements that a login message may have (the same page).
var tags = strings.Fields("a b blockquote br cite code dd dl dt div em i li ol p pre q small span strike strong sub sup u ul")

// element is the form of a tag that a login message may have: its name, and of a
// link the address.
var element = regexp.MustCompile(`^</?([A-Za-z]+)(?:\s+href="https?://[^"<>\s]*")?\s*/?>`)

// strange returns what a login message may not have, "" if it has nothing of the
// kind. Other attributes are refused, as they could run.
func strange(text string) string {
	for {
		i := strings.IndexByte(text, '<')
		if i < 0 {
			return ""
		}
		text = text[i:]
		m := element.FindStringSubmatch(text)
		if m == nil || !slices.Contains(tags, strings.ToLower(m[1])) {
			end := min(strings.IndexByte(text+">", '>')+1, len(text), 40)
			return strings.ToValidUTF8(text[:end], "")
		}
		text = text[len(m[0]):]
	}
}

// keep stores the logos of a look under new names.
func (l *look) keep(tx *store.Tx, names []string) (Look, error) {
	out := Look{Email: text(l.email), Link: text(l.link), Forgot: text(l.forgot), Messages: l.messages}
	for i, data := range l.logos {
		if len(data) == 0 {
			out.Logos = append(out.Logos, "")
			continue
		}
		out.Logos = append(out.Logos, names[i])
		if err := logos.Put(tx, store.Scope{}, &logo{names[i], data}); err != nil {
			return out, err
		}
	}
	return out, nil
}

// drop forgets the logos of a look.
func (l Look) drop(tx *store.Tx) error {
	for _, name := range l.Logos {
		if name == "" {
			continue
		}
		if err := logos.Delete(tx, store.Scope{}, name); err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	return nil
}

// forgetBranding ends the branding of a directory that is registered no more.
func forgetBranding(tx *store.Tx, sc store.Scope, directoryID string) error {
	b, err := brandings.Get(tx, sc, directoryID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, l := range b.Looks {
		if err := l.drop(tx); err != nil {
			return err
		}
	}
	return brandings.Delete(tx, sc, directoryID)
}

// brandingOf is the branding of a registered directory, empty if it has none.
func brandingOf(tx *store.Tx, sc store.Scope, directoryID string) (*Branding, error) {
	if _, err := findDirectory(tx, sc, directoryID); err != nil {
		return nil, err
	}
	b, err := brandings.Get(tx, sc, directoryID)
	if errors.Is(err, store.ErrNotFound) {
		return &Branding{Directory: directoryID, Looks: map[string]Look{}}, nil
	}
	return b, err
}

// Logo returns a picture, or desktops.ErrNotFound.
func (s *Service) Logo(ctx context.Context, name string) (data []byte, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		l, err := logos.Get(tx, store.Scope{}, name)
		if errors.Is(err, store.ErrNotFound) {
			return desktops.ErrNotFound
		}
		if err == nil {
			data = l.Data
		}
		return err
	})
	return data, err
}

// WebLook is how the page looks on which people of a directory sign in; the zero
// value is that nothing was said.
func (s *Service) WebLook(ctx context.Context, account, region, directoryID string) (l Look, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		b, err := brandings.Get(tx, store.In(account, region), directoryID)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err == nil {
			l = b.Looks[string(types.ClientDeviceTypeDeviceTypeWeb)]
		}
		return err
	})
	return l, err
}

// show is a look in the API's form, nil when there is none.
func (s *Service) show(b *Branding, device types.ClientDeviceType) *types.DefaultClientBrandingAttributes {
	l, ok := b.Looks[string(device)]
	if !ok {
		return nil
	}
	return &types.DefaultClientBrandingAttributes{
		LogoUrl: s.logoOf(l, 0), SupportEmail: api.Optional(l.Email), SupportLink: api.Optional(l.Link), ForgotPasswordLink: api.Optional(l.Forgot), LoginMessage: l.Messages,
	}
}

func (s *Service) showIOS(b *Branding) *types.IosClientBrandingAttributes {
	l, ok := b.Looks[string(types.ClientDeviceTypeDeviceTypeIos)]
	if !ok {
		return nil
	}
	return &types.IosClientBrandingAttributes{
		LogoUrl: s.logoOf(l, 0), Logo2xUrl: s.logoOf(l, 1), Logo3xUrl: s.logoOf(l, 2),
		SupportEmail: api.Optional(l.Email), SupportLink: api.Optional(l.Link), ForgotPasswordLink: api.Optional(l.Forgot), LoginMessage: l.Messages,
	}
}

func (s *Service) logoOf(l Look, n int) *string {
	if n >= len(l.Logos) || l.Logos[n] == "" {
		return nil
	}
	return new(s.logoURL(l.Logos[n]))
}
