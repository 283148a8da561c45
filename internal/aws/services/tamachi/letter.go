package tamachi

import (
	"fmt"
	"strings"
	"time"
)

const subject = "デスクトップの準備ができました / Your desktop is ready"

// shownTime is how a time stands in a mail.
const shownTime = "2006-01-02 15:04"

// japan is where the Japanese half of a mail is read.
var japan = time.FixedZone("JST", 9*60*60)

// letter is the text of an invitation, in Japanese and English. link is empty
// for a person whose password is not kept here.
func letter(i *invitation, to Invitee, link, signIn string) string {
	name := strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(to.Name, "\r", " "), "\n", " "))
	if name == "" {
		name = i.UserName
	}
	help := strings.TrimSuffix(signIn, "/") + "/help"
	var b strings.Builder
	b.WriteString(name + " 様\n\nあなたのデスクトップの準備ができました。ブラウザーから使えます。\n\n")
	if link == "" {
		b.WriteString("パスワードは、会社のディレクトリでお使いのものです。\n\n")
	} else {
		fmt.Fprintf(&b, "1. 次のリンクでパスワードを設定してください。リンクは一度だけ、%s (日本時間) まで使えます。\n   %s\n\n", i.Expires.In(japan).Format(shownTime), link)
	}
	fmt.Fprintf(&b, "サインイン: %s\n登録コード: %s\nユーザー名: %s\n困ったとき: %s\n\n", signIn, i.RegistrationCode, i.UserName, help)
	b.WriteString("このメールは送信専用です。心当たりがない場合は、管理者に連絡してください。\n\n----\n\n")
	b.WriteString("Dear " + name + ",\n\nYour desktop is ready. You use it in your browser.\n\n")
	if link == "" {
		b.WriteString("Your password is the one that you have in your company's directory.\n\n")
	} else {
		fmt.Fprintf(&b, "1. Set your password by this link. It can be used once, until %s (UTC).\n   %s\n\n", i.Expires.UTC().Format(shownTime), link)
	}
	fmt.Fprintf(&b, "Sign in: %s\nRegistration code: %s\nUser name: %s\nHelp: %s\n\n", signIn, i.RegistrationCode, i.UserName, help)
	b.WriteString("Nobody reads answers to this mail. If you did not expect it, ask your administrator.\n")
	return b.String()
}
