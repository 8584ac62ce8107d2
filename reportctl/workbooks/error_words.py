"""The words that spreadsheets show for an error, in the languages of their programs.

A file keeps such a word where its program has no other way to say that a formula failed: an .ods file beside
the number 0, any file where results were pasted as text.
"""

from __future__ import annotations

import re

# Of all languages most end in a mark: #WERT!, #NOM ?, #¡VALOR!, #¿NOMBRE?, #ДЕЛ/0!, #名称?
_MARKED = re.compile(r"#[¡¿]?[^\W\d_][\w/]{0,24}[ \u00a0\u202f]?[!?！？]")
# “Not available”, and data that are being fetched, end in none.
_UNMARKED = frozenset(
    {"#N/A", "#NV", "#N/V", "#ND", "#N/D", "#Н/Д", "#N/B", "#I/T", "#IT", "#YOK", "#SAKNAS", "#PUUTTUU",
     "#HIÁNYZIK", "#NENÍ_K_DISPOZICI", "#NEDOSTUPNÝ", "#N/DISP", "#GETTING_DATA", "#BUSY", "#无效", "#不适用"}
)  # fmt: skip
_NUMBERED = re.compile(
    r"(?:ERR|ERROR|ERREUR|FEHLER|ERRO|ERRORE|FOUT|FEL|FEJL|FEIL|VIRHE|BŁĄD|CHYBA|HIBA|HATA|LỖI|ОШИБКА|ПОМИЛКА"
    r"|错误|錯誤|エラー|오류)\.?[ \u00a0\u202f]?[:：][ \u00a0\u202f]?[0-9]{3}"
)


def is_error(text: str) -> bool:
    """Whether `text` as a whole is what a spreadsheet shows for an error, in small letters or capitals."""
    said = text.strip().upper()
    return bool(
        said in _UNMARKED or (said[:1] == "#" and _MARKED.fullmatch(said)) or _NUMBERED.fullmatch(said)
    )


def is_error_of_number(text: str) -> bool:
    """Whether a cell that holds a number and shows `text` shows an error: no format of numbers begins so."""
    said = text.strip()
    return is_error(said) or (said[:1] == "#" and re.match(r"#[¡¿]?[^\W\d_]", said) is not None)
