/* QR codes are read back by a program that others wrote. */
#include "support/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/glyph.h"
#include "base/qr.h"
#include "support/zbar.h"

/* The drawing as pixels: each cell has an upper and a lower half. */
static struct image image_of(const struct qr *qr, enum qr_ink ink)
{
    struct image image = image_new(qr_columns(qr), 2 * qr_rows(qr));
    for (int row = 0; row < qr_rows(qr); row++) {
        struct text line = {0};
        qr_row(qr, row, ink, &line);
        size_t at = 0;
        for (int column = 0; column < image.columns; column++) {
            const char *cell = line.bytes + at;
            size_t next = glyph_next(line.bytes, line.size, at);
            bool upper = strncmp(cell, "▀", 3) == 0 || strncmp(cell, "█", 3) == 0;
            bool lower = strncmp(cell, "▄", 3) == 0 || strncmp(cell, "█", 3) == 0;
            image.black[2 * row * image.columns + column] = upper != (ink == QR_LIGHT_INK);
            image.black[(2 * row + 1) * image.columns + column] = lower != (ink == QR_LIGHT_INK);
            at = next;
        }
        assert_int_equal(at, line.size);
        text_clear(&line);
    }
    return image;
}

static void what_is_drawn_reads_as_what_was_said(void **state)
{
    static const char *const texts[] = {
        "https://commerce.example.com/device?user_code=WDJB-MJHT",
        "http://127.0.0.1:8080/device",
        "a",
        "https://login.microsoftonline.com/common/oauth2/deviceauth?with=a&rather=long%20address&and=more-of-it-than-fits-into-a-small-code",
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(texts); i++)
        for (int ink = QR_DARK_INK; ink <= QR_LIGHT_INK; ink++) {
            struct qr qr = {0};
            assert_true(qr_make(&qr, texts[i]));
            struct image image = image_of(&qr, (enum qr_ink)ink);
            char *read = image_decode(&image);
            assert_string_equal(read, texts[i]);
            free(read);
            qr_clear(&qr);
        }
}

static void an_address_of_53_characters_takes_37_columns_and_19_rows(void **state)
{
    struct qr qr = {0};
    (void)state;
    assert_true(qr_make(&qr, "https://commerce.example.com/device?user_code=WDJBMJH"));
    assert_int_equal(qr_columns(&qr), 37);
    assert_int_equal(qr_rows(&qr), 19);
    qr_clear(&qr);
}

static void four_modules_around_the_code_stay_light(void **state)
{
    struct qr qr = {0};
    (void)state;
    assert_true(qr_make(&qr, "https://commerce.example.com/device"));
    for (int row = 0; row < qr_rows(&qr); row++) {
        struct text line = {0};
        qr_row(&qr, row, QR_DARK_INK, &line);
        assert_int_equal(strspn(line.bytes, " ") >= 4, 1);
        assert_string_equal(line.bytes + line.size - 4, "    ");
        if (row < 2 || row >= qr_rows(&qr) - 2)
            assert_int_equal(strspn(line.bytes, " "), line.size);
        text_clear(&line);
    }
    qr_clear(&qr);
}

static void what_no_code_can_hold_is_refused(void **state)
{
    struct qr qr = {0};
    char *long_text = mem_new(3001);
    (void)state;
    memset(long_text, 'x', 3000);
    assert_false(qr_make(&qr, long_text));
    assert_false(qr_make(&qr, ""));
    assert_false(qr_make(&qr, NULL));
    assert_null(qr.dark);
    free(long_text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_drawn_reads_as_what_was_said), cmocka_unit_test(an_address_of_53_characters_takes_37_columns_and_19_rows),
        cmocka_unit_test(four_modules_around_the_code_stay_light), cmocka_unit_test(what_no_code_can_hold_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
