using System.Globalization;

namespace Clientele.Bench;

/// <summary>Scripts for wrk. Each of its threads runs its own copy.</summary>
internal static class Lua
{
    /// <summary>
    /// What all scripts share: a number per thread, a text per run, and the line that <see cref="Wrk"/> reads. With <c>BENCH_SHOW</c> set, the first
    /// response that is not a success is printed.
    /// </summary>
    private const string Prelude =
        """
        local threads = 0
        function setup(thread)
          thread:set("number", threads)
          threads = threads + 1
        end

        local made = 0
        local function unique()
          made = made + 1
          return run .. "-" .. number .. "-" .. made
        end

        function init(args)
          run = args[1]
          math.randomseed(number * 7919 + tonumber(args[2]))
          prepare()
        end

        function prepare() end

        function done(summary, latency, requests)
          local errors = summary.errors
          io.write(string.format("BENCH %d %d %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
            errors.status, errors.connect + errors.read + errors.write + errors.timeout))
        end

        local shown = false
        if os.getenv("BENCH_SHOW") then
          function response(status, headers, body)
            if status >= 300 and not shown then
              shown = true
              io.write("ANSWER " .. status .. " " .. body .. "\n")
            end
          end
        end

        local function headers(token)
          local set = { ["Content-Type"] = "application/json" }
          if token ~= "" then set["Authorization"] = "Bearer " .. token end
          return set
        end

        """;

    /// <summary>The same requests again and again, in a different order on each thread.</summary>
    public static string Each(string method, IReadOnlyList<(string Path, string Token)> requests, IReadOnlyList<string>? bodies = null) =>
        $$"""
        {{Prelude}}
        local paths = { {{Texts(requests.Select(request => request.Path))}} }
        local tokens = { {{Texts(requests.Select(request => request.Token))}} }
        local bodies = { {{Texts(bodies ?? [])}} }
        local formatted, at = {}, 0

        function prepare()
          for i = 1, #paths do formatted[i] = wrk.format("{{method}}", paths[i], headers(tokens[i]), bodies[i]) end
          at = number * 3
        end

        function request()
          at = at + 1
          return formatted[at % #formatted + 1]
        end
        """;

    /// <summary>Random customers: in the path, or in the body if the path is numbered or fixed.</summary>
    public static string Random(string method, string path, string token, long first, long last, string? body = null, bool numbered = false)
    {
        var where = numbered ? "string.format(path, unique())" : body is null ? "string.format(path, id)" : "path";
        return $$"""
            {{Prelude}}
            local path = {{Text(path)}}
            local body = {{(body is null ? "nil" : Text(body))}}
            local set = headers({{Text(token)}})

            function request()
              local id = math.random({{first.ToString(CultureInfo.InvariantCulture)}}, {{last.ToString(CultureInfo.InvariantCulture)}})
              return wrk.format("{{method}}", {{where}}, set, body and string.format(body, id))
            end
            """;
    }

    /// <summary>Random customers in the path, and the same body for all of them.</summary>
    public static string RandomPath(string method, string path, string token, long first, long last, string body) =>
        $$"""
        {{Prelude}}
        local path = {{Text(path)}}
        local body = {{Text(body)}}
        local set = headers({{Text(token)}})

        function request()
          local id = math.random({{first.ToString(CultureInfo.InvariantCulture)}}, {{last.ToString(CultureInfo.InvariantCulture)}})
          return wrk.format("{{method}}", string.format(path, id), set, body)
        end
        """;

    /// <summary>Bodies with a text that has not been sent before.</summary>
    public static string Unique(string method, string path, string body) =>
        $$"""
        {{Prelude}}
        local body = {{Text(body)}}
        local set = headers("")

        function request()
          local name = unique()
          return wrk.format("{{method}}", {{Text(path)}}, set, (string.gsub(body, "%%s", name)))
        end
        """;

    /// <summary>Each response's token is sent in a later request.</summary>
    public static string Refresh(string path, IReadOnlyList<string> tokens) =>
        $$"""
        {{Prelude}}
        local all = { {{Texts(tokens)}} }
        local waiting, first, last = {}, 1, 0
        local set = headers("")

        local function keep(token)
          last = last + 1
          waiting[last] = token
        end

        function prepare()
          for i = number + 1, #all, 2 do keep(all[i]) end
        end

        function request()
          local token = waiting[first]
          waiting[first] = nil
          first = first + 1
          return wrk.format("POST", {{Text(path)}}, set, '{"refresh": "' .. (token or "none is left") .. '"}')
        end

        function response(status, headers, body)
          if status == 200 then
            keep(string.match(body, '"refresh":"([^"]+)"'))
          elseif not shown then
            shown = true
            io.write("ANSWER " .. status .. " " .. body .. "\n")
          end
        end
        """;

    private static string Texts(IEnumerable<string> values) => string.Join(", ", values.Select(Text));

    private static string Text(string value) => $"[[{value}]]";
}
