package webaccess

import (
	"net/http"
	"strings"
)

// helpView is what the page of help is given.
type helpView struct {
	Lang string
	helpText
}

// help is the page that the invitation leads a new site to. It needs no session.
func (h *Handler) help(w http.ResponseWriter, r *http.Request) {
	lang := language(r.Header.Get("Accept-Language"))
	v := helpView{lang, helpTexts(lang)}
	host, port, _ := askedFor(r)
	fill := strings.NewReplacer("{host}", host, "{port}", port, "{sender}", h.o.MailDomain)
	for _, part := range v.Parts {
		for i, line := range part.Lines {
			part.Lines[i] = fill.Replace(line)
		}
	}
	h.write(w, http.StatusOK, "help.html", v)
}
