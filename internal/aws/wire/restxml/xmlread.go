package restxml

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"reflect"
	"strings"

	"tamachi/internal/aws/model"
	"tamachi/internal/aws/wire/codec"
)

// errXML is any fault of a document; the caller learns only that it is not
// valid.
var errXML = errors.New("the document is not valid")

// xmlReader reads a document by the model. It is strict, as S3's schema is: an
// element that the model does not know is refused, never left out.
type xmlReader struct {
	tokens *xml.Decoder
	values int // elements read so far
}

// maxElements bounds what one document makes the reader keep.
const maxElements = 200_000

// document reads a whole document whose root element is called name (any, where
// the model gives none).
func (d decoder) document(text []byte, name string, b *model.Binding, v reflect.Value, p *model.Presence) error {
	if len(text) > codec.MaxBody {
		return codec.TooLarge()
	}
	r := &xmlReader{tokens: xml.NewDecoder(bytes.NewReader(text))}
	if r.read(name, b, v, p) != nil {
		return d.malformed()
	}
	return nil
}

func (r *xmlReader) read(name string, b *model.Binding, v reflect.Value, p *model.Presence) error {
	root, err := r.root()
	if err != nil {
		return err
	}
	if name != "" && root.Name.Local != name {
		return errXML
	}
	if p == nil {
		err = r.value(root, b, v, 1)
	} else {
		err = r.structure(root, b, v, p, 1)
	}
	if err != nil {
		return err
	}
	for { // nothing but blanks may follow
		token, err := r.tokens.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil || !blank(token) {
			return errXML
		}
	}
}

func (r *xmlReader) root() (xml.StartElement, error) {
	for {
		token, err := r.tokens.Token()
		if err != nil {
			return xml.StartElement{}, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			return t, nil
		case xml.ProcInst:
			if t.Target != "xml" {
				return xml.StartElement{}, errXML
			}
		default:
			if !blank(token) {
				return xml.StartElement{}, errXML
			}
		}
	}
}

// blank tells whether a token says nothing. A document type declaration says
// something: it is refused.
func blank(token xml.Token) bool {
	switch t := token.(type) {
	case xml.CharData:
		return len(bytes.TrimSpace(t)) == 0
	case xml.Comment:
		return true
	}
	return false
}

// next is the next child element; ok is false at the parent's end.
func (r *xmlReader) next() (child xml.StartElement, ok bool, err error) {
	for {
		token, err := r.tokens.Token()
		if err != nil {
			return child, false, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if r.values++; r.values > maxElements {
				return child, false, errXML
			}
			return t, true, nil
		case xml.EndElement:
			return child, false, nil
		}
		if !blank(token) {
			return child, false, errXML
		}
	}
}

// value reads the element whose start is at hand into v.
func (r *xmlReader) value(start xml.StartElement, b *model.Binding, v reflect.Value, depth int) error {
	if depth > codec.MaxDepth {
		return errXML
	}
	switch b.Shape.Type {
	case model.Structure:
		if b.Cases != nil {
			return r.union(b, v, depth)
		}
		if b.Pointer {
			p := reflect.New(b.Type)
			v.Set(p)
			v = p.Elem()
		}
		return r.structure(start, b, v, nil, depth)
	case model.List:
		return r.list(b, v, depth)
	case model.Map:
		return r.mapping(b, v, depth)
	}
	text, err := r.text()
	if err != nil {
		return err
	}
	if b.Shape.Type != model.String {
		text = strings.TrimSpace(text)
	}
	if !codec.SetText(b, v, text) {
		return errXML
	}
	return nil
}

// text reads a simple element up to its end.
func (r *xmlReader) text() (string, error) {
	var text strings.Builder
	for {
		token, err := r.tokens.Token()
		if err != nil {
			return "", err
		}
		switch t := token.(type) {
		case xml.CharData:
			text.Write(t)
		case xml.EndElement:
			return text.String(), nil
		case xml.Comment:
		default:
			return "", errXML
		}
	}
}

func (r *xmlReader) structure(start xml.StartElement, b *model.Binding, v reflect.Value, p *model.Presence, depth int) error {
	if err := attributes(start, b, v); err != nil {
		return err
	}
	for {
		child, ok, err := r.next()
		if err != nil || !ok {
			return err
		}
		m := b.Shape.LookupWire(child.Name.Local)
		if m == nil || m.Attribute {
			return errXML
		}
		f := &b.Fields[m.Index]
		if p != nil {
			p.Set(m, true)
		}
		if err := r.member(child, m, f.Binding, v.Field(f.Index), depth); err != nil {
			return err
		}
	}
}

// member reads a member's element, or one entry of a flattened list or map.
func (r *xmlReader) member(child xml.StartElement, m *model.Member, b *model.Binding, v reflect.Value, depth int) error {
	switch flat := m.Flattened || b.Shape.Flattened; {
	case flat && b.Shape.Type == model.List:
		return r.element(child, b, v, depth)
	case flat && b.Shape.Type == model.Map:
		return r.entry(b, v, depth)
	}
	return r.value(child, b, v, depth+1)
}

// attributes reads the members that are attributes of the element. Names are
// compared without their prefix, which a client may choose.
func attributes(start xml.StartElement, b *model.Binding, v reflect.Value) error {
	if !b.Shape.Attributed {
		return nil
	}
	for i := range b.Fields {
		f := &b.Fields[i]
		if !f.Member.Attribute {
			continue
		}
		name := f.Member.Wire[strings.IndexByte(f.Member.Wire, ':')+1:]
		for _, a := range start.Attr {
			if a.Name.Local == name && a.Name.Space != "xmlns" && !codec.SetText(f.Binding, v.Field(f.Index), a.Value) {
				return errXML
			}
		}
	}
	return nil
}

func (r *xmlReader) union(b *model.Binding, v reflect.Value, depth int) error {
	found := 0
	for {
		child, ok, err := r.next()
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		found++
		known := false
		for i := range b.Cases {
			c := &b.Cases[i]
			if known = c.Member.Wire == child.Name.Local; !known {
				continue
			}
			held := reflect.New(c.Struct)
			if err := r.member(child, c.Member, c.Binding, held.Elem().FieldByName("Value"), depth); err != nil {
				return err
			}
			v.Set(held)
			break
		}
		if !known {
			return errXML
		}
	}
	if found != 1 {
		return errXML
	}
	return nil
}

// list reads the elements of a list that has an element of its own around
// them. An empty one is an empty list, not an absent one.
func (r *xmlReader) list(b *model.Binding, v reflect.Value, depth int) error {
	v.Set(reflect.MakeSlice(b.Type, 0, 0))
	name := nameOr(b.Shape.Member, "member")
	for {
		child, ok, err := r.next()
		if err != nil || !ok {
			return err
		}
		if child.Name.Local != name {
			return errXML
		}
		if err := r.element(child, b, v, depth); err != nil {
			return err
		}
	}
}

func (r *xmlReader) element(child xml.StartElement, b *model.Binding, v reflect.Value, depth int) error {
	element := reflect.New(b.Type.Elem()).Elem()
	if err := r.value(child, b.Elem, element, depth+1); err != nil {
		return err
	}
	v.Set(reflect.Append(v, element))
	return nil
}

func (r *xmlReader) mapping(b *model.Binding, v reflect.Value, depth int) error {
	v.Set(reflect.MakeMap(b.Type))
	for {
		child, ok, err := r.next()
		if err != nil || !ok {
			return err
		}
		if child.Name.Local != "entry" {
			return errXML
		}
		if err := r.entry(b, v, depth); err != nil {
			return err
		}
	}
}

func (r *xmlReader) entry(b *model.Binding, v reflect.Value, depth int) error {
	if v.IsNil() {
		v.Set(reflect.MakeMap(b.Type))
	}
	key, element := reflect.New(b.Type.Key()).Elem(), reflect.New(b.Type.Elem()).Elem()
	found := false
	for {
		child, ok, err := r.next()
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		switch child.Name.Local {
		case nameOr(b.Shape.Key, "key"):
			text, err := r.text()
			if err != nil {
				return err
			}
			key.SetString(text)
			found = true
		case nameOr(b.Shape.Value, "value"):
			if err := r.value(child, b.Elem, element, depth+1); err != nil {
				return err
			}
		default:
			return errXML
		}
	}
	if !found {
		return errXML
	}
	v.SetMapIndex(key, element)
	return nil
}

func nameOr(m *model.Member, own string) string {
	if m.HasWire() {
		return m.Wire
	}
	return own
}
