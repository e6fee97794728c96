import Foundation
import Statistics

extension MetricsReport {
    /// The JSON of CLI.md, keys sorted; numbers, and null for one that is not defined. Ends without a newline.
    func json() throws -> String {
        var root: [String: JSONTree] = [
            "task": .text(task.rawValue), "n": .number(Double(rows)), "left_out": .number(Double(rowsLeftOut)),
            "metrics": Self.metrics(metrics),
        ]
        root["positive"] = positive.map(JSONTree.text)
        if let confusion { root["confusion"] = tree(confusion) }
        if !segments.isEmpty {
            root["segments"] = .object(
                Dictionary(uniqueKeysWithValues: segments.map { ($0.column, Self.tree($0.parts)) }))
        }
        if !fairness.isEmpty {
            root["fairness"] = .object(
                Dictionary(uniqueKeysWithValues: fairness.map { ($0.column, Self.tree($0.report)) }))
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(JSONTree.object(root)), as: UTF8.self)
    }

    private static func metrics(_ found: [Named]) -> JSONTree {
        .object(Dictionary(found.map { ($0.name, tree($0.value)) }) { first, _ in first })
    }

    private static func tree(_ value: MetricValue) -> JSONTree {
        .object([
            "value": value.value.map(JSONTree.number) ?? .null, "low": value.low.map(JSONTree.number) ?? .null,
            "high": value.high.map(JSONTree.number) ?? .null, "n": .number(Double(value.count)),
        ])
    }

    private func tree(_ confusion: MulticlassConfusion) -> JSONTree {
        let rows = (0..<confusion.classes).map { actual in
            JSONTree.list(
                (0..<confusion.classes).map { .number(Double(confusion[actual: actual, predicted: $0])) })
        }
        let perClass = confusion.perClass.map { found in
            JSONTree.object([
                "class": .text(classes[found.index]), "n": .number(Double(found.actual)),
                "precision": Self.tree(found.precision), "recall": Self.tree(found.recall),
                "f1": Self.tree(found.f1),
            ])
        }
        var members: [String: JSONTree] = [
            "labels": .list(classes.map(JSONTree.text)), "matrix": .list(rows), "classes": .list(perClass),
        ]
        if task == .binary {
            for (name, actual, predicted) in [("tn", 0, 0), ("fp", 0, 1), ("fn", 1, 0), ("tp", 1, 1)] {
                members[name] = .number(Double(confusion[actual: actual, predicted: predicted]))
            }
        }
        return .object(members)
    }

    private static func tree(_ parts: [Segment]) -> JSONTree {
        .list(
            parts.map {
                .object(["segment": .text($0.name), "n": .number(Double($0.rows)), "metrics": metrics($0.metrics)])
            })
    }

    private static func tree(_ report: FairnessReport) -> JSONTree {
        let parts = report.segments.map { segment in
            JSONTree.object([
                "segment": .text(segment.name), "n": .number(Double(segment.confusion.count)),
                "selection_rate": tree(segment.selectionRate),
                "true_positive_rate": tree(segment.truePositiveRate),
                "false_positive_rate": tree(segment.falsePositiveRate),
            ])
        }
        return .object([
            "segments": .list(parts),
            "demographic_parity_difference": tree(report.demographicParityDifference),
            "disparate_impact_ratio": tree(report.disparateImpactRatio),
            "equal_opportunity_difference": tree(report.equalOpportunityDifference),
            "equalized_odds_difference": tree(report.equalizedOddsDifference),
        ])
    }
}

/// JSON whose keys are data (metric and column names).
enum JSONTree: Encodable {
    case number(Double)
    case text(String)
    case flag(Bool)
    case list([JSONTree])
    case object([String: JSONTree])
    case null

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .number(let number):
            if let whole = Int64(exactly: number) {
                try container.encode(whole)
            } else {
                try container.encode(number)
            }
        case .text(let text): try container.encode(text)
        case .flag(let flag): try container.encode(flag)
        case .list(let list): try container.encode(list)
        case .object(let members): try container.encode(members)
        case .null: try container.encodeNil()
        }
    }
}
