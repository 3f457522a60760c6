/*
 * qr - a text as a QR code (ISO/IEC 18004, level L), drawn with half blocks: a cell of the terminal shows two modules.
 *
 *      struct qr qr = {0};
 *      if (qr_make(&qr, address))
 *          for (int row = 0; row < qr_rows(&qr); row++)
 *              qr_row(&qr, row, QR_DARK_INK, &out);
 *      qr_clear(&qr);
 *
 * The quiet zone of four modules on each side is part of the drawing.
 */
#ifndef BASE_QR_H
#define BASE_QR_H

#include <stdbool.h>

#include "base/text.h"

struct qr {
    int side;               /* modules, without the quiet zone */
    unsigned char *dark;    /* side * side, row by row: 1 is dark */
};

enum qr_ink {
    QR_DARK_INK,            /* the ink is dark: for black on white */
    QR_LIGHT_INK,           /* the ink is light: for a terminal that writes light on dark, and cannot be told colours */
};

/* False, and an empty code, when the text is empty or longer than any code holds, or the library is not installed. */
bool qr_make(struct qr *qr, const char *text);
void qr_clear(struct qr *qr);
int qr_columns(const struct qr *qr);
int qr_rows(const struct qr *qr);
/* One row of the drawing in UTF-8, qr_columns() wide, without a line end. */
void qr_row(const struct qr *qr, int row, enum qr_ink ink, struct text *out);

#endif
