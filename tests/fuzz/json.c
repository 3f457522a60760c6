/* JSON of a response: what is accepted is the same after writing and reading it. */
#include "fuzz.h"

#include "json/doc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct problem why = {0};
    struct text out = {0};
    struct value *value = json_read((const char *)data, size, "input", &why), *again;
    if (value) {
        json_write(value, &out);
        again = json_read(text_bytes(&out), out.size, "output", NULL);
        require(again && value_equal(value, again), "JSON is read back equal");
        value_free(again);
    } else {
        require(why.text && *why.text, "a problem has a text");
    }
    value_free(value);
    problem_clear(&why);
    text_clear(&out);
    return 0;
}
