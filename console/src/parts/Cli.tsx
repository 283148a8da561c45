import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import { useText } from '../text';

// Cli shows the commands that do what the page does.
export function Cli({ commands, open }: { commands: string[]; open?: boolean }) {
  const t = useText();
  const text = commands.join('\n');
  return (
    <ExpandableSection headerText={t.cli.head} defaultExpanded={open}>
      <pre className="cli">{text}</pre>
      <CopyToClipboard
        copyButtonText={t.cli.copy} copySuccessText={t.cli.copied} copyErrorText={t.cli.notCopied} textToCopy={text}
      />
    </ExpandableSection>
  );
}

// word quotes an argument for a POSIX shell, where it must be.
export function word(s: string): string {
  return /^[\w@%+=:,./-]+$/.test(s) ? s : `'${s.replaceAll("'", "'\\''")}'`;
}
