package webaccess

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"

	"tamachi/internal/desktops"
	"tamachi/internal/webaccess/recording"
)

// export gives out a recording as one file: a page that any browser plays
// without the plane, and without a network.
func (h *Handler) export(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet || speculative(r) {
		w.Header().Set("Allow", http.MethodGet)
		http.Error(w, "open this link in a browser", http.StatusMethodNotAllowed)
		return
	}
	rec, err := h.o.Recordings.Exported(r.Context(), r.PathValue("ticket"))
	if err != nil {
		h.noFilm(w, r, err)
		return
	}
	film, ok := h.openFilm(w, rec)
	if !ok {
		return
	}
	defer film.Close()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s-%s-%s.html"`, rec.WorkspaceID, rec.Start.UTC().Format("20060102-150405"), rec.ID))
	out := bufio.NewWriterSize(w, chunk)
	err = writeFilm(out, language(r.Header.Get("Accept-Language")), rec, film)
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		h.o.Log.Warn("export recording", "resource", rec.ID, "err", err)
		panic(http.ErrAbortHandler) // so that half a file is not taken for one
	}
}

// writeFilm writes the page: the player, the index, and a script element of
// data for each chunk.
func writeFilm(out *bufio.Writer, lang string, rec desktops.Recording, film *recording.Reader) error {
	style, err := embedded.ReadFile("assets/app.css")
	if err != nil {
		return err
	}
	player, err := embedded.ReadFile("assets/player.js")
	if err != nil {
		return err
	}
	index := indexOf(rec, film)
	index.Live = false
	facts, err := json.Marshal(index)
	if err != nil {
		return err
	}
	err = pages.ExecuteTemplate(out, "film.html", struct {
		Lang, ID string
		Style    template.CSS
		Player   template.JS
		Index    template.JS
		filmText
	}{lang, rec.ID, template.CSS(style), template.JS(player), template.JS(facts), filmTexts(lang)}) //nolint:gosec // ours, and JSON, which escapes "<"
	if err != nil {
		return err
	}
	for n := range film.Chunks() {
		packed, err := film.Packed(n)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "<script type=\"application/octet-stream\" id=\"c%d\">%s</script>\n", n, base64.StdEncoding.EncodeToString(packed))
	}
	_, err = out.WriteString("</body>\n</html>\n")
	return err
}
