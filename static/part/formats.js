// The transcript in each of its formats: a heading, and a button for each. For the menu and for the visitor's data.

export const formatsOf = ({ say, ownsay, make, config }, take) => {
  const title = () => ownsay('default_download', config().widget.header.download_transcript_label);
  const names = { txt: () => say('format_txt'), md: () => say('format_md'), html: () => say('format_html'), json: () => say('format_json') };
  const chips = Object.entries(names).map(([format, name]) =>
    make('button', { class: 'chip', part: 'button', type: 'button', 'data-act': 'download', onclick: () => take(`*/transcript?format=${format}`, `chat.${format}`) }, name),
  );
  return [make('p', {}, title), make('div', { class: 'formats', role: 'group', 'aria-label': title }, chips)];
};
