package main

import (
	"context"
	"crypto/rand"
	"log/slog"
	"os"
	"time"

	"github.com/spf13/cobra"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/approval"
	"tamachi/internal/desk/bulk"
	"tamachi/internal/desk/calendar"
	"tamachi/internal/desk/change"
	"tamachi/internal/desk/cost"
	"tamachi/internal/desk/diagnose"
	"tamachi/internal/desk/doctor"
	"tamachi/internal/desk/exception"
	"tamachi/internal/desk/guard"
	"tamachi/internal/desk/image"
	"tamachi/internal/desk/morning"
	"tamachi/internal/desk/notice"
	"tamachi/internal/desk/office"
	"tamachi/internal/desk/people"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/question"
	"tamachi/internal/desk/route"
	"tamachi/internal/desk/settings"
	"tamachi/internal/house"
)

// deskCommands are the duties of the desk and the office that they are shown
// on; those that are done to desktops are verbs of the command desktop. They enter
// by the front door only, wherever the AWS environment points.
func deskCommands(desktop *cobra.Command) []*cobra.Command {
	ways := noticeWays()
	w, all := deskWorld(ways)
	desktop.AddCommand(bulk.Commands(w, all)...)
	return append(
		people.Commands(w, all),
		morning.Command(w), morning.EveningCommand(w), office.Command(w), guard.Command(w), diagnose.Command(w, all), cost.Command(w, all),
		image.Command(w, all),
		plan.Command(w, all), settings.Command(w), approval.Command(w), exception.Command(w, all), notice.Command(w, all, ways, deskTakers(w)), calendar.Command(w),
	)
}

// deskWorld is the world of the duties, and the actions of them all, so that
// "tamachi plan apply" and a plane can apply any plan.
func deskWorld(ways notice.Ways) (account.World, plan.Actions) {
	w := account.World{Getenv: os.Getenv, Clock: clock.Real{}, Rand: rand.Reader, Location: time.Local}
	w.Tell = notice.Tell(w, ways)
	return w, plan.Join(change.Actions(), people.Actions(rand.Reader), notice.Actions(w, ways), image.Actions(w.Clock), doctor.Actions(), route.Actions(w.Clock))
}

// deskTakers are what follows from people's answers, by the kind of question.
func deskTakers(w account.World) question.Takers {
	return question.Takers{approval.Kind: approval.Taker(w), cost.KeepKind: cost.Taker(w)}
}

// deskOfPlane is the desk of the user who runs a plane, for its console and for
// who has a link.
func deskOfPlane(log *slog.Logger) *house.Desk {
	ways := noticeWays()
	w, all := deskWorld(ways)
	return &house.Desk{
		World: w, Actions: all,
		Answers: notice.Answers(w, ways, deskTakers(w), func(s string) { log.Info("an answer to the desk", "action", s) }),
		Keep: func(ctx context.Context) {
			notice.Keep(ctx, w, ways, func(s string) { log.Warn("notices of the desk", "err", s) })
		},
	}
}
