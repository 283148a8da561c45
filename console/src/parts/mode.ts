export enum Mode { Light, Dark }

// applyMode switches Cloudscape's colours, by the class that its styles look for.
export function applyMode(m: Mode) {
  document.body.classList.toggle('awsui-dark-mode', m === Mode.Dark);
}
