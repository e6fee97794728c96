import Foundation

extension ConfigurationChecker {
    /// A single value. `node` is not a table or list where the shape is right.
    mutating func checkScalar(
        _ node: ConfigurationNode, shape: ConfigurationShape, at keyPath: String
    ) -> CheckedValue.Content? {
        guard case .scalar(let written, _) = node.content, let kind = node.scalarKind else {
            return refuse(node, shape, keyPath)
        }
        switch shape {
        case .text(let rule):
            guard kind == .text else {
                let isRightInQuotes = kind != .null && rule.matches(written)
                return refuse(node, shape, keyPath, suggestion: isRightInQuotes ? "\"\(written)\"" : nil)
            }
            return expand(node, written, keyPath).flatMap { text in
                // The message shows what is in the file, which names the variable and not its value.
                rule.matches(text) ? .text(text) : refuse(node, shape, keyPath)
            }
        case .label:
            guard kind != .null, !written.isEmpty else { return refuse(node, shape, keyPath) }
            return expand(node, written, keyPath).map { .text($0) }
        case .boolean:
            if case .boolean(let flag) = kind { return .boolean(flag) }
            return refuse(node, shape, keyPath, suggestion: Self.suggestedBoolean(written))
        case .integer(let range):
            return checkInteger(node, kind, range, shape, keyPath)
        case .number(let range):
            return checkNumber(node, kind, range, shape, keyPath)
        case .duration(let range):
            return checkQuantity(
                node, UnitText.microseconds(written), range, shape, keyPath,
                suggestion: UnitText.suggestedDuration(written), describe: UnitText.describe(microseconds:))
        case .bytes(let range):
            let plain = if case .integer(let bytes) = kind { bytes } else { Int64?.none }
            return checkQuantity(
                node, plain ?? UnitText.bytes(written), range, shape, keyPath,
                suggestion: UnitText.suggestedSize(written), describe: UnitText.describe(bytes:))
        case .choice(let names):
            guard kind == .text, names.contains(written) else {
                return refuse(node, shape, keyPath, suggestion: NearestName.nearest(to: written, in: names))
            }
            return .text(written)
        case .time:
            guard let time = Self.microseconds(rfc3339: written) else { return refuse(node, shape, keyPath) }
            return .integer(time)
        case .list, .table, .properties:
            preconditionFailure("not a single value")
        }
    }

    private mutating func checkInteger(
        _ node: ConfigurationNode, _ kind: ConfigurationNode.ScalarKind, _ range: ClosedRange<Int64>,
        _ shape: ConfigurationShape, _ keyPath: String
    ) -> CheckedValue.Content? {
        switch kind {
        case .integer(let value) where range.contains(value):
            return .integer(value)
        case .integer(let value):
            return refuse(
                node, shape, keyPath, suggestion: "\(min(max(value, range.lowerBound), range.upperBound))")
        case .number(let value):
            let whole = Int64(exactly: value.rounded())
            return refuse(node, shape, keyPath, suggestion: whole.flatMap { range.contains($0) ? "\($0)" : nil })
        default:
            return refuse(node, shape, keyPath, suggestion: unquoted(node))
        }
    }

    private mutating func checkNumber(
        _ node: ConfigurationNode, _ kind: ConfigurationNode.ScalarKind, _ range: NumberRange,
        _ shape: ConfigurationShape, _ keyPath: String
    ) -> CheckedValue.Content? {
        let value: Double? =
            switch kind {
            case .integer(let integer): Double(integer)
            case .number(let number): number
            default: nil
            }
        guard let value else { return refuse(node, shape, keyPath, suggestion: unquoted(node)) }
        guard range.contains(value) else {
            // A percentage where a share is wanted.
            let share = range.upper == 1 && value > 1 && value < 100 ? "\(value / 100)" : nil
            return refuse(node, shape, keyPath, suggestion: share)
        }
        return .number(value)
    }

    private mutating func checkQuantity(
        _ node: ConfigurationNode, _ value: Int64?, _ range: ClosedRange<Int64>, _ shape: ConfigurationShape,
        _ keyPath: String, suggestion: String?, describe: (Int64) -> String
    ) -> CheckedValue.Content? {
        guard let value else { return refuse(node, shape, keyPath, suggestion: suggestion) }
        guard range.contains(value) else {
            return refuse(
                node, shape, keyPath, suggestion: describe(min(max(value, range.lowerBound), range.upperBound)))
        }
        return .integer(value)
    }

    private mutating func refuse(
        _ node: ConfigurationNode, _ shape: ConfigurationShape, _ keyPath: String, suggestion: String? = nil
    ) -> CheckedValue.Content? {
        report(
            keyPath, node.line, "is \(node.inWords); expected \(shape.expectation)", suggestion: suggestion)
        return nil
    }

    private mutating func expand(_ node: ConfigurationNode, _ text: String, _ keyPath: String) -> String? {
        do {
            return try EnvironmentText.expand(text, environment: environment)
        } catch {
            report(keyPath, node.line, error.message, suggestion: error.suggestion)
            return nil
        }
    }

    /// A number in quotes, without them.
    private func unquoted(_ node: ConfigurationNode) -> String? {
        guard case .scalar(let text, isPlain: false) = node.content, Double(text) != nil else { return nil }
        return text
    }

    private static func suggestedBoolean(_ text: String) -> String? {
        switch text.lowercased() {
        case "yes", "y", "on", "true", "1": "true"
        case "no", "n", "off", "false", "0": "false"
        default: nil
        }
    }

    private static func microseconds(rfc3339 text: String) -> Int64? {
        for fractional in [false, true] {
            do {
                let date = try Date.ISO8601FormatStyle(includingFractionalSeconds: fractional).parse(text)
                return Int64((date.timeIntervalSince1970 * 1_000_000).rounded())
            } catch {
                continue  // The other form is tried, and neither is said by the caller.
            }
        }
        return nil
    }
}

extension TextRule {
    func matches(_ text: String) -> Bool {
        do {
            return try Regex(pattern).wholeMatch(in: text) != nil
        } catch {
            preconditionFailure("the key table holds a pattern that is no regular expression: \(pattern)")
        }
    }
}
