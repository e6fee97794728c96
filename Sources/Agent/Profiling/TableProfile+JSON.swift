import Events
import Foundation
import Learning

extension TableProfile {
    /// The profile for programs, keys sorted; a number that cannot be computed is null beside a `status`. Ends without a
    /// newline.
    func json() throws -> String {
        let isCalendar = temporal?.isCalendar ?? false
        let task = target?.task
        let tree = JSONTree.object([
            "rows": .count(rows), "column_count": .count(columnCount),
            "types": .object(Dictionary(uniqueKeysWithValues: types.map { ($0.key.rawValue, .count($0.value)) })),
            "missing_share": .optional(missingShare), "complete_rows": .count(completeRows),
            "duplicates": duplicates.tree, "target": target?.tree ?? .null,
            "columns": .list(columns.map(\.tree)), "associations": associations.tree,
            "suspects": .list(suspects.map { $0.tree(task: task) }), "time": temporal?.tree ?? .null,
            "notes": .list(notes.map { $0.tree(isCalendar: isCalendar) }),
        ])
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(tree), as: UTF8.self)
    }
}

extension JSONTree {
    static func count(_ value: Int) -> JSONTree { .number(Double(value)) }

    /// Null for what is not there or no number.
    static func optional(_ value: Double?) -> JSONTree {
        value.flatMap { $0.isFinite ? .number($0) : nil } ?? .null
    }
}

extension RowDuplicates {
    fileprivate var tree: JSONTree {
        var members: [String: JSONTree] = [
            "rows": .count(rows), "features": .count(features),
            "conflicting_labels": conflicting.map(JSONTree.count) ?? .null, "across_split": .null,
        ]
        if let split = acrossSplit {
            members["across_split"] = .object([
                "split": .text(split.isByTime ? "newest_fifth" : "random_fifth"), "holdout": .count(split.holdout),
                "shared": .count(split.shared), "share": .optional(split.share),
                "suspicious": .flag(split.isSuspicious),
            ])
        }
        return .object(members)
    }
}

extension TargetProfile {
    fileprivate var tree: JSONTree {
        .object([
            "column": .text(name), "task": .text(task.rawValue), "n": .count(labelled), "missing": .count(missing),
            "positive": positive.map(JSONTree.text) ?? .null, "ratio": .optional(ratio),
            "balance": balance.map { .text($0.rawValue) } ?? .null, "distinct": .count(distinct),
            "classes": .list(
                classes.map {
                    .object([
                        "class": .text($0.name), "n": .count($0.count),
                        "share": .optional(Double($0.count) / Double(max(1, labelled))),
                    ])
                }),
        ])
    }
}

extension AssociationMatrix {
    fileprivate var tree: JSONTree {
        .object([
            "columns": .list(columns.map(JSONTree.text)), "rows": .count(rows), "left_out": .count(leftOut),
            "pairs": .list(
                pairs.map { pair in
                    var members: [String: JSONTree] = [
                        "first": .text(columns[pair.first]), "second": .text(columns[pair.second]),
                        "n": .count(pair.count),
                    ]
                    switch pair.measures {
                    case .numbers(let pearson, let spearman):
                        members["pearson"] = .optional(pearson)
                        members["spearman"] = .optional(spearman)
                    case .categories(let value): members["cramers_v"] = .optional(value)
                    case .mixed(let value): members["correlation_ratio"] = .optional(value)
                    }
                    if pair.strength == nil { members["status"] = .text("insufficient") }
                    return .object(members)
                }),
        ])
    }
}

extension LeakageSuspect {
    fileprivate func tree(task: TargetProfile.Task?) -> JSONTree {
        .object([
            "column": .text(column),
            "reasons": .list(
                reasons.map { reason in
                    var members: [String: JSONTree] = ["text": .text(ProfileSentences.text(reason, task: task))]
                    switch reason {
                    case .nearPerfect(let power, let auc):
                        members["reason"] = .text("near_perfect")
                        members["predictive_power"] = .optional(power)
                        members["auc"] = .optional(auc)
                    case .identifier(let isCounter):
                        members["reason"] = .text("identifier")
                        members["counter"] = .flag(isCounter)
                    case .missingWithTarget(let rows):
                        members["reason"] = .text("missing_with_target")
                        members["rows"] = .count(rows)
                    case .constantWithinClass(let label, let value, let rows, let share):
                        members["reason"] = .text("constant_within_class")
                        members.merge(Self.cell(label, value, rows, share)) { $1 }
                    case .constantOutsideClass(let label, let value, let rows, let share):
                        members["reason"] = .text("constant_outside_class")
                        members.merge(Self.cell(label, value, rows, share)) { $1 }
                    }
                    return .object(members)
                }),
        ])
    }

    private static func cell(_ label: String, _ value: String?, _ rows: Int, _ share: Double) -> [String: JSONTree] {
        [
            "class": .text(label), "value": value.map(JSONTree.text) ?? .null, "rows": .count(rows),
            "share_elsewhere": .optional(share),
        ]
    }
}

extension ProfileNote {
    fileprivate func tree(isCalendar: Bool) -> JSONTree {
        .object(["note": .text(name), "text": .text(ProfileSentences.text(self, isCalendar: isCalendar))])
    }

    private var name: String {
        switch self {
        case .targetCannotBeLearned: "target_cannot_be_learned"
        case .imbalancedTarget: "imbalanced_target"
        case .missingTarget: "missing_target"
        case .duplicatesAcrossSplit: "duplicates_across_split"
        case .conflictingLabels: "conflicting_labels"
        case .repeatedRows: "repeated_rows"
        case .outOfOrder: "out_of_order"
        case .gaps: "gaps"
        case .standstill: "standstill"
        case .drift: "drift"
        case .emptyColumns: "empty_columns"
        case .constantColumns: "constant_columns"
        case .mostlyMissing: "mostly_missing"
        case .infinite: "infinite"
        case .copies: "copies"
        case .manyCategories: "many_categories"
        }
    }
}
