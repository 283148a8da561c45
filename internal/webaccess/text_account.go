package webaccess

// accountText is what the parts of the sign-in page say in which people look
// after what they sign in with.
type accountText struct {
	Stale, Change, Former, Next, Again, Rule, Set, Cancel string
	App, Needed, Scan, Picture, Key, FirstCode, GoOn      string // of an authenticator app
	Status                                                []status
}

func accountTexts(lang string) accountText {
	if lang == "ja" {
		return accountText{
			Change: "パスワードの変更", Former: "現在のパスワード", Next: "新しいパスワード", Again: "新しいパスワード (確認)",
			Rule: passwordRule(lang), Set: "変更する", Cancel: "キャンセル",
			App: "認証アプリの設定", Needed: "このディレクトリでは、サインインに認証アプリが必要です。",
			Scan:    "認証アプリでこの画像を読み取るか、キーを入力してください。この画面を閉じると、キーは二度と表示されません。",
			Picture: "認証アプリで読み取る QR コード", Key: "キー", FirstCode: "アプリに表示されたコード", GoOn: "次へ",
			Stale: "パスワードの有効期限が切れたか、変更が必要です。新しいパスワードを設定するとサインインできます。",
			Status: append([]status{
				{"stale", "新しいパスワードを設定してください。"},
				{"change", "現在のパスワードと新しいパスワードを入力してください。"},
				{"differ", "二つのパスワードが一致しません。"},
				{"setting", "設定しています…"},
				{"enrol", "認証アプリを設定してください。"},
				{"app", "パスワードを入力してください。"},
				{"scan", "アプリに表示されたコードを入力してください。"},
				{"enrolled", "認証アプリを設定しました。次回のサインインからコードが必要です。"},
				{"hasfactor", "認証アプリはすでに設定されています。変更するには管理者に連絡してください。"},
				{"changed", "パスワードを変更しました。"},
				{"wrongformer", "現在のパスワードが違います。"},
				{"toosoon", "パスワードは 1 日に 1 回だけ変更できます。明日もう一度お試しください。"},
			}, weakTexts(lang)...),
		}
	}
	return accountText{
		Change: "Change password", Former: "Password until now", Next: "New password", Again: "New password, again",
		Rule: passwordRule(lang), Set: "Change it", Cancel: "Cancel",
		App: "Authenticator app", Needed: "This directory asks for an authenticator app at sign-in.",
		Scan:    "Scan this picture with your authenticator app, or type the key into it. The key is shown only now.",
		Picture: "QR code for the authenticator app", Key: "Key", FirstCode: "Code that the app shows", GoOn: "Go on",
		Stale: "Your password has expired or must be changed. Set a new one to sign in.",
		Status: append([]status{
			{"stale", "Set a new password."},
			{"change", "Type your password until now, and the new one."},
			{"differ", "The two passwords differ."},
			{"setting", "Setting it…"},
			{"enrol", "Set up an authenticator app."},
			{"app", "Type your password."},
			{"scan", "Type the code that the app shows now."},
			{"enrolled", "The app is set up. From now on you sign in with its code, too."},
			{"hasfactor", "You have an authenticator app already. Ask your administrator to change it."},
			{"changed", "Your password is changed."},
			{"wrongformer", "The password until now is wrong."},
			{"toosoon", "A password can be changed once a day. Try again tomorrow."},
		}, weakTexts(lang)...),
	}
}

// passwordRule is what a password must be.
func passwordRule(lang string) string {
	if lang == "ja" {
		return "7 文字以上で、大文字、小文字、数字、記号のうち 3 種類以上を使ってください。ユーザー名は含められません。"
	}
	return "At least 7 characters of three kinds: upper case, lower case, digits, others. Without your user name."
}

// weakTexts say why a password will not do, by directory.Shortcoming.
func weakTexts(lang string) []status {
	if lang == "ja" {
		return []status{
			{"weak-short", "パスワードが短すぎます。"},
			{"weak-name", "パスワードにユーザー名が含まれています。"},
			{"weak-kinds", "大文字、小文字、数字、記号のうち 3 種類以上を使ってください。"},
			{"weak-used", "このパスワードは以前に使われています。別のパスワードにしてください。"},
			{"weak-unfit", "このパスワードはディレクトリの条件を満たしていません。"},
		}
	}
	return []status{
		{"weak-short", "The new password is too short."},
		{"weak-name", "The new password contains your user name."},
		{"weak-kinds", "Use characters of at least three kinds: upper case, lower case, digits, others."},
		{"weak-used", "You used this password before. Choose another one."},
		{"weak-unfit", "The directory does not accept this password."},
	}
}
