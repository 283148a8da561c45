package cost

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/duty"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/question"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
	"tamachi/internal/desk/shelf"
)

func answerCommand(w account.World) *cobra.Command {
	var o duty.Options
	var reason string
	c := &cobra.Command{
		Use:   "answer DESKTOP keep|release",
		Short: "Answer a question of the sweep, whether a desktop is still needed",
		Long: `Answers as the person of the settings whose AWS credentials these are
(people.NAME.aws), as the buttons in Slack and the link in a mail do.

Exit code: 0 counted; 1 not; 2 wrong use.`,
		Example: "  tamachi cost answer ws-0123456789 keep --reason 'back from leave in May'",
		Args: func(_ *cobra.Command, args []string) error {
			if !o.Policy && (len(args) != 2 || args[1] != keep && args[1] != release) {
				return duty.Misuse(errors.New("want a desktop, and keep or release"))
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			if o.Policy { // GetCallerIdentity needs no permission
				_, err := io.WriteString(c.OutOrStdout(), account.PolicyDocument())
				return err
			}
			lang, err := o.Language(w)
			if err != nil {
				return err
			}
			a, err := o.One(c.Context())
			if err != nil {
				return duty.Failed(lang, err)
			}
			arn, _, err := plan.Who(c.Context(), a)
			if err == nil {
				err = answerAs(c.Context(), w, c.OutOrStdout(), lang, args[0], question.Answer{Choice: args[1], Reason: reason, Via: question.CLI, By: arn})
			}
			if err != nil {
				return duty.Failed(lang, err)
			}
			return nil
		},
	}
	o.Add(c)
	c.Flags().StringVar(&reason, "reason", "", "why")
	return c
}

// answerAs counts the answer of whoever an ARN is.
func answerAs(ctx context.Context, w account.World, out io.Writer, lang report.Lang, desktop string, a question.Answer) error {
	conf, err := settings.Load(w.Getenv)
	if err != nil {
		return err
	}
	s, err := shelf.In(w.Getenv)
	if err != nil {
		return err
	}
	folder := question.In(s)
	all, err := folder.About(KeepKind)
	if err != nil {
		return err
	}
	desk := &question.Desk{Folder: folder, Takers: question.Takers{KeepKind: Taker(w)}, Clock: w.Clock, Log: func(string) {}}
	person := conf.Caller(a.By)
	for _, r := range all { // the newest first
		if r.Question.Subject != desktop || r.Question.Person != person || r.Answer != nil {
			continue
		}
		_, err := desk.Answer(ctx, r.Question.ID, person, a)
		if err != nil {
			if sentence, known := question.Explain(err, lang); known {
				return errors.New(sentence)
			}
			return err
		}
		fmt.Fprintln(out, text.AnswerCounted.In(lang, "person", person, "desktop", desktop, "answer", a.Choice))
		return nil
	}
	if person == "" {
		person = a.By
	}
	return errors.New(text.NotAsked.In(lang, "by", person, "desktop", desktop))
}
