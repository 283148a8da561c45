import type { Text } from './en';

export const text: Text = {
  title: 'Tamachi コンソール',
  skip: '本文へ移動',
  menu: 'ページ',
  account: 'アカウント',
  region: 'リージョン',
  signOut: 'サインアウト',
  otherLanguage: 'English',
  pages: { home: 'ホーム', desktops: 'デスクトップ', nodes: 'ノード', events: 'イベント履歴', alarms: 'アラーム', people: 'ユーザー' },
  signIn: {
    head: 'サインイン',
    how: 'サインインの方法',
    byKey: 'アクセスキー', byPerson: 'ディレクトリのユーザー',
    key: 'アクセスキー ID', secret: 'シークレットアクセスキー', token: 'セッショントークン', optional: '省略できます',
    region: 'リージョン',
    kept: '入力した内容はこのタブの中だけに保持され、タブを閉じると消えます。',
    go: 'サインイン',
    wrong: 'この認証情報は拒否されました。',
    code: '登録コード', user: 'ユーザー名', password: 'パスワード', oneTime: '認証アプリのコード', role: 'ロール',
  },
  state: {
    loading: '読み込み中', refresh: '更新', again: '再試行',
    denied: '表示する権限がありません', failed: '取得できませんでした', stale: '表示は以前の内容です。',
    over: '認証情報の有効期限が切れました。もう一度サインインしてください。',
    none: '何もありません', noMatch: '一致するものがありません', clear: '絞り込みを解除', unknown: '不明', away: 'プレーンが応答しません。',
    noPage: 'このページはありません。',
  },
  cli: { head: 'AWS CLI で同じことをする', copy: 'コピー', copied: 'コピーしました', notCopied: 'コピーできませんでした' },
  home: {
    desktops: 'デスクトップ', inUse: '使用中', inError: 'エラー', alarms: 'アラーム', nodesLost: '未接続のノード', all: '合計',
    broken: '対応が必要なデスクトップ', allWell: '対応が必要なデスクトップはありません。',
    ringing: 'アラーム状態のアラーム', silent: 'アラーム状態のアラームはありません。',
    recent: '最近の利用', nobody: 'まだ誰もデスクトップを使っていません。', now: '使用中',
  },
  desktop: {
    search: 'ユーザー、ID、名前、アドレス、バンドルなどで検索', state: '状態', any: 'すべての状態', running: '実行モード', found: (n, of) => `${of} 件中 ${n} 件`,
    id: 'WorkSpace ID', user: 'ユーザー', computer: 'コンピューター名', bundle: 'バンドル', address: 'IP アドレス', mode: '実行モード', used: '最後の利用',
    directory: 'ディレクトリ', connected: '接続中', never: 'なし', compute: 'コンピューティングタイプ', error: 'エラー',
    none: 'デスクトップはありません。',
  },
};
