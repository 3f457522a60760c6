#include "base/qr.h"

#include <dlfcn.h>
#include <qrencode.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define QUIET 4     /* ISO/IEC 18004, 6.3.8: modules that stay light around the code */

static struct {
    bool asked;
    __typeof__(&QRcode_encodeString) encode;
    __typeof__(&QRcode_free) free;
} library;

/* Loaded when the first code is to be shown: the start need not wait for it. False: it is not installed. */
static bool load(void)
{
    void *handle = library.asked ? NULL : dlopen("libqrencode.so.4", RTLD_NOW);
    void *encode = handle ? dlsym(handle, "QRcode_encodeString") : NULL, *release = handle ? dlsym(handle, "QRcode_free") : NULL;
    library.asked = true;
    if (encode && release) {
        memcpy(&library.encode, &encode, sizeof encode);
        memcpy(&library.free, &release, sizeof release);
    }
    return library.encode != NULL;
}

bool qr_make(struct qr *qr, const char *text)
{
    *qr = (struct qr){0};
    QRcode *code = text && *text && load() ? library.encode(text, 0, QR_ECLEVEL_L, QR_MODE_8, 1) : NULL;
    if (!code)
        return false;
    qr->side = code->width;
    qr->dark = mem_new((size_t)code->width * (size_t)code->width);
    for (int i = 0; i < code->width * code->width; i++)
        qr->dark[i] = code->data[i] & 1;
    library.free(code);
    return true;
}

void qr_clear(struct qr *qr)
{
    free(qr->dark);
    *qr = (struct qr){0};
}

int qr_columns(const struct qr *qr)
{
    return qr->side + 2 * QUIET;
}

int qr_rows(const struct qr *qr)
{
    return (qr_columns(qr) + 1) / 2;
}

/* Counted from the corner of the quiet zone; what lies outside the code is light. */
static bool is_dark(const struct qr *qr, int row, int column)
{
    row -= QUIET;
    column -= QUIET;
    bool inside = row >= 0 && column >= 0 && row < qr->side && column < qr->side;
    return inside && qr->dark[row * qr->side + column];
}

void qr_row(const struct qr *qr, int row, enum qr_ink ink, struct text *out)
{
    static const char *const cells[2][2] = {{" ", "▄"}, {"▀", "█"}};    /* ink in the upper, in the lower half */
    for (int column = 0; column < qr_columns(qr); column++) {
        bool upper = is_dark(qr, 2 * row, column), lower = is_dark(qr, 2 * row + 1, column);
        bool inverse = ink == QR_LIGHT_INK;
        text_add(out, cells[upper != inverse][lower != inverse]);
    }
}
