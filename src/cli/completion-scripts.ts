/** What each shell reads to complete the words of `patchlab`. Each asks patchlab itself, a word a line with what it means behind a tab. */

/** bash(1) parts words at `:` and `=`, so patchlab gets the line up to the cursor, and only what is behind the last such sign is put in. */
const bash = `# bash completion of patchlab: source <(patchlab completion bash)
_patchlab() {
  local line word tail files=
  local typed=\${COMP_LINE:0:COMP_POINT}
  typed=\${typed//\\\\ /_}
  typed=\${typed##*[[:space:]]}
  # What readline leaves as it is in front of the word that it replaces.
  local kept=
  [[ $typed == *[:=]* && $COMP_WORDBREAKS == *:* ]] && kept=\${typed%"\${typed##*[:=]}"}
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :files ]]; then files=yes; continue; fi
    word=\${line%%$'\\t'*}
    tail=\${word#"$kept"}
    COMPREPLY+=("$(printf '%q' "$tail")")
  done < <("\${COMP_WORDS[0]}" completion bash -- "\${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
  if [[ $files ]]; then
    compopt -o filenames
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$typed")
  fi
}
complete -F _patchlab patchlab
`;

const zsh = `#compdef patchlab
# zsh completion of patchlab: source <(patchlab completion zsh), or as _patchlab in a folder of $fpath
_patchlab() {
  local -a offers
  local line word files=
  while IFS= read -r line; do
    if [[ $line == :files ]]; then files=yes; continue; fi
    # _describe takes a colon for the end of the word.
    word=\${line%%$'\\t'*}
    word=\${word//:/\\\\:}
    [[ $line == *$'\\t'* ]] && word+=:\${line#*$'\\t'}
    offers+=("$word")
  done < <("\${words[1]}" completion zsh -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)
  (( $#offers )) && _describe -V patchlab offers
  [[ -n $files ]] && _files
  return 0
}
if [[ $funcstack[1] == _patchlab ]]; then _patchlab "$@"; else compdef _patchlab patchlab; fi
`;

const fish = `# fish completion of patchlab: patchlab completion fish | source
function __patchlab_offers
  set -l words (commandline -opc) (commandline -ct)
  for line in ($words[1] completion fish -- $words[2..-1] 2>/dev/null)
    if test "$line" = :files
      __fish_complete_path (commandline -ct)
    else
      echo $line
    end
  end
end
complete -c patchlab -f -a '(__patchlab_offers)'
`;

/** The script of each shell by its name. */
export const scripts = { bash, zsh, fish } as const;
