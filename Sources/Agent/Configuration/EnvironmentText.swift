/// `${NAME}` in a text stands for the environment variable; `$${` stands for `${` itself.
enum EnvironmentText {
    /// What to write where an environment variable has no value or the braces do not close.
    struct Failure: Error {
        var message: String
        var suggestion: String?
    }

    static func expand(_ text: String, environment: [String: String]) throws(Failure) -> String {
        guard text.contains("${") else { return text }
        var result = ""
        var rest = Substring(text)
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[dollar...]
            if rest.hasPrefix("$${") {
                result += "${"
                rest = rest.dropFirst(3)
            } else if rest.hasPrefix("${") {
                guard let end = rest.firstIndex(of: "}") else {
                    throw Failure(
                        message: "has ${ without a closing }", suggestion: "$${ for the characters themselves")
                }
                let name = String(rest[..<end].dropFirst(2))
                result += try value(of: name, environment: environment)
                rest = rest[rest.index(after: end)...]
            } else {
                result += "$"
                rest = rest.dropFirst()
            }
        }
        return result + rest
    }

    private static func value(of name: String, environment: [String: String]) throws(Failure) -> String {
        let isName = !name.isEmpty && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        guard isName else {
            throw Failure(
                message: "\"\(name)\" is no name of an environment variable", suggestion: "letters, digits and _ only")
        }
        guard let value = environment[name], !value.isEmpty else {
            let state = environment[name] == nil ? "is not set" : "is empty"
            let others = environment.filter { !$0.value.isEmpty }.keys.sorted()
            throw Failure(
                message: "the environment variable \(name) \(state)",
                suggestion: NearestName.nearest(to: name, in: others).map { "${\($0)}" }
                    ?? "export \(name)=... before the start")
        }
        return value
    }
}
