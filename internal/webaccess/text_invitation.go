package webaccess

// invitationView is what the page of invitations says.
type invitationView struct {
	Lang, Title, User, Password, Again, Rule, Set, SignIn string
	Status                                                []status
}

func invitationTexts(lang string) invitationView {
	if lang == "ja" {
		return invitationView{
			Lang: "ja", Title: "パスワードの設定", User: "ユーザー名", Password: "新しいパスワード", Again: "新しいパスワード (確認)",
			Rule: passwordRule(lang),
			Set:  "設定する", SignIn: "サインインへ進む",
			Status: append([]status{
				{"checking", "リンクを確認しています…"},
				{"ready", "パスワードを入力してください。"},
				{"differ", "二つのパスワードが一致しません。"},
				{"setting", "設定しています…"},
				{"done", "パスワードを設定しました。"},
				{"used", "このリンクは使用済みか、有効期限が切れています。管理者に招待メールの再送を依頼してください。"},
				{"keptout", "このアカウントは無効になっています。管理者に連絡してください。"},
				{"later", "しばらく待ってからもう一度お試しください。残り秒数:"},
				{"away", "Tamachi が応答しません。しばらくしてからもう一度お試しください。"},
			}, weakTexts(lang)...),
		}
	}
	return invitationView{
		Lang: "en", Title: "Set your password", User: "User name", Password: "New password", Again: "New password, again",
		Rule: passwordRule(lang),
		Set:  "Set password", SignIn: "Go on to sign in",
		Status: append([]status{
			{"checking", "Checking the link…"},
			{"ready", "Type your new password."},
			{"differ", "The two passwords differ."},
			{"setting", "Setting it…"},
			{"done", "Your password is set."},
			{"used", "This link was used or has expired. Ask your administrator to send the invitation again."},
			{"keptout", "Your account is disabled. Ask your administrator."},
			{"later", "Try again in a while; seconds left:"},
			{"away", "Tamachi does not answer. Try again in a moment."},
		}, weakTexts(lang)...),
	}
}
