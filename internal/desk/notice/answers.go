package notice

import (
	"errors"
	"net/http"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/question"
)

// errNoDoor is that nothing could come in.
var errNoDoor = errors.New("the settings have neither answers.url nor slack.secret-file nor hr-intake, so nothing could come")

// Answers is the door for a program that serves it among other pages. The
// settings are read for each request; while they want no door there is no page.
func Answers(w account.World, ways Ways, takers question.Takers, log func(string)) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		door, err := OpenDoor(w, ways, takers, log)
		if errors.Is(err, errNoDoor) {
			http.NotFound(rw, r)
			return
		}
		if err != nil {
			log(err.Error())
			http.Error(rw, "the settings of the desk cannot be read", http.StatusInternalServerError)
			return
		}
		door.Handler().ServeHTTP(rw, r)
	})
}
