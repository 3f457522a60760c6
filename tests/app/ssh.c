/*
 * Over a real SSH connection, as administrators come: the checklist opens full screen, a connection that breaks costs
 * nothing, and the next one finds step, field and half-typed text again. An sshd of one's own on loopback, with its own key;
 * without openssh-server it is skipped.
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/socket.h>

#include "support/typist.h"

#define SSHD "/usr/sbin/sshd"

static int port;
static pid_t daemon_pid;

static int free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    close(fd);
    return ntohs(address.sin_port);
}

static bool is_listening(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool good = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
    close(fd);
    return good;
}

static bool run_quietly(const char *command)
{
    return system(command) == 0;
}

/* False where this machine lets no sshd be started. */
static bool start_sshd(void)
{
    if (getuid() == 0)
        mkdir("/run/sshd", 0755);   /* what its service would have made */
    char *keys = text_format("cd '%s' && ssh-keygen -q -t ed25519 -N '' -f host && ssh-keygen -q -t ed25519 -N '' -f id && "
                             "cp id.pub authorized", here.folder);
    bool made = run_quietly(keys);
    free(keys);
    port = free_port();
    char *config = text_format("Port %d\nListenAddress 127.0.0.1\nHostKey %s/host\nAuthorizedKeysFile %s/authorized\nStrictModes no\n"
                               "PidFile none\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin yes\nPrintMotd no\nPrintLastLog no\n",
                               port, here.folder, here.folder);
    place_write(&here, "sshd_config", config);
    free(config);
    daemon_pid = fork();
    if (daemon_pid == 0) {
        char *path = place_path(&here, "sshd_config"), *log = place_path(&here, "sshd_log");
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        execl(SSHD, SSHD, "-D", "-E", log, "-f", path, (char *)NULL);
        _exit(127);
    }
    while (made && waitpid(daemon_pid, NULL, WNOHANG) == 0)
        if (is_listening())
            return true;
    return false;
}

static void over_ssh(int made, int report)
{
    char *program = place_program("commerce-setup"), *number = text_format("%d", port), *key = place_path(&here, "id");
    char *command = text_format("cd '%s' && LC_ALL=C.UTF-8 exec '%s' --token-file token --config config.yaml --state-dir state",
                                here.folder, program);
    char *where = text_format("%s@127.0.0.1", getpwuid(getuid())->pw_name);
    (void)made;
    (void)report;
    execlp("ssh", "ssh", "-tt", "-F", "/dev/null", "-p", number, "-i", key, "-o", "IdentitiesOnly=yes", "-o", "StrictHostKeyChecking=no",
           "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", where, command, (char *)NULL);
    _exit(127);
}

/* Whether a commerce-setup of this place still runs. */
static bool is_running(void)
{
    DIR *all = opendir("/proc");
    bool found = false;
    for (struct dirent *one; !found && (one = readdir(all)) != NULL;) {
        char path[300], link[PATH_MAX] = "";
        snprintf(path, sizeof path, "/proc/%s/cwd", one->d_name);
        if (!strspn(one->d_name, "0123456789") || readlink(path, link, sizeof link - 1) < 0 || strcmp(link, here.folder) != 0)
            continue;
        snprintf(path, sizeof path, "/proc/%s/exe", one->d_name);
        ssize_t size = readlink(path, link, sizeof link - 1);
        link[size > 0 ? size : 0] = '\0';
        found = strstr(link, "commerce-setup") != NULL;
    }
    closedir(all);
    return found;
}

static void a_broken_connection_costs_nothing_and_the_next_resumes(void **unused)
{
    struct terminal terminal;
    (void)unused;
    place_new(&here, NULL);
    if (access(SSHD, X_OK) != 0 || !start_sshd()) {
        place_free(&here);
        skip();     /* openssh-server is not installed, or sshd cannot run */
    }
    start(&terminal, over_ssh, 0, "xterm-256color", 24, 80);
    wait_shown(&terminal, "as admin@contoso.example");
    focus(&terminal, "Account information   ");
    enter(&terminal);
    fill(&terminal, "Organization", "Contoso Outdoor");
    fill(&terminal, "Legal entity", "US");
    type(&terminal, "M");
    wait_shown(&terminal, "USM");

    kill(terminal.child, SIGKILL);      /* the connection breaks without a word */
    wait_left(&terminal, -SIGKILL);
    int64_t until = now_ms() + PATIENCE_MS;
    while (is_running())
        assert_true(now_ms() < until);

    start(&terminal, over_ssh, 0, "xterm-256color", 24, 80);    /* nobody holds the lock any more */
    wait_shown(&terminal, "Contoso Outdoor");
    wait_shown(&terminal, "USM");
    wait_cursor_at(&terminal, "Legal entity");
    type(&terminal, "F");
    wait_shown(&terminal, "USMF");
    type(&terminal, "\033[20~");        /* F9: save and leave */
    wait_left(&terminal, 3);
    char *state = place_read(&here, "state/state.yaml");
    assert_non_null(strstr(state, "legal_entity: \"USMF\""));
    free(state);
    kill(daemon_pid, SIGTERM);
    waitpid(daemon_pid, NULL, 0);
    place_free(&here);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_broken_connection_costs_nothing_and_the_next_resumes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
