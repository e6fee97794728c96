import Events
import Learning

extension ColumnProfile {
    var tree: JSONTree {
        var members: [String: JSONTree] = [
            "column": .text(name), "kind": .text(kind), "type": .text(type.rawValue), "n": .count(rows),
            "missing": .count(missing), "missing_share": .optional(missingShare), "infinite": .count(infinite),
            "distinct": .count(distinct), "status": .text(type == .empty ? "no_data" : "ok"),
            "distribution": cells.tree,
        ]
        if let numeric { members["numeric"] = numeric.tree(isTime: type == .time) }
        if let category { members["categories"] = category.tree }
        if let relation { members["target"] = relation.tree }
        return .object(members)
    }
}

extension NumericProfile {
    /// Of times the ends are texts too: microseconds are for programs.
    fileprivate func tree(isTime: Bool) -> JSONTree {
        let named = zip(Self.levels, quantiles).map { ("\($0.0)", JSONTree.optional($0.1)) }
        var members: [String: JSONTree] = [
            "n": .count(count), "zeros": .count(zeros), "negatives": .count(negatives), "min": .optional(minimum),
            "max": .optional(maximum), "mean": .optional(mean), "sd": .optional(standardDeviation),
            "skewness": .optional(skewness), "kurtosis": .optional(kurtosis),
            "median_absolute_deviation": .optional(medianAbsoluteDeviation),
            "quantiles": .object(Dictionary(uniqueKeysWithValues: named)),
            "outliers": .object(["iqr": Self.tree(quartileOutliers), "robust_z": Self.tree(robustOutliers)]),
        ]
        if standardDeviation == nil || skewness == nil || kurtosis == nil {
            members["status"] = .text(count < 4 ? "insufficient" : distinct == 1 ? "constant" : "error")
        }
        if isTime {
            members["first"] = .text(EventTime.format(Int64(minimum)))
            members["last"] = .text(EventTime.format(Int64(maximum)))
        }
        return .object(members)
    }

    private static func tree(_ outliers: Outliers?) -> JSONTree {
        guard let outliers else {
            return .object([
                "low": .null, "high": .null, "below": .null, "above": .null, "status": .text("no_spread"),
            ])
        }
        return .object([
            "low": .optional(outliers.low), "high": .optional(outliers.high), "below": .count(outliers.below),
            "above": .count(outliers.above),
        ])
    }
}

extension CategoryProfile {
    fileprivate var tree: JSONTree {
        .object([
            "n": .count(count), "unique": .count(unique), "evenness": .optional(evenness), "longest": .count(longest),
            "top": .list(top.map { .object(["value": .text($0.name), "n": .count($0.count)]) }),
        ])
    }
}

extension DistributionCells {
    fileprivate var tree: JSONTree {
        var members: [String: JSONTree] = ["counts": .list(counts.map(JSONTree.count))]
        if edges.isEmpty {
            members["labels"] = .list(labels.map(JSONTree.text))
            members["others"] = .object(["rows": .count(others.rows), "values": .count(others.values)])
        } else {
            members["edges"] = .list(edges.map { .optional($0) })
            members["below"] = .count(below)
            members["above"] = .count(above)
        }
        if !targetMeans.isEmpty { members["target_means"] = .list(targetMeans.map { .optional($0) }) }
        return .object(members)
    }
}

extension TargetRelation {
    fileprivate var tree: JSONTree {
        var members: [String: JSONTree] = [
            "n": .count(count), "mutual_information": .optional(mutualInformation),
            "information_share": .optional(informationShare), "predictive_power": .optional(predictivePower),
            "auc": .optional(auc),
        ]
        if mutualInformation == nil || predictivePower == nil { members["status"] = .text("insufficient") }
        return .object(members)
    }
}

extension TemporalProfile {
    var tree: JSONTree {
        .object([
            "column": .text(column), "calendar": .flag(isCalendar), "n": .count(rows), "missing": .count(missing),
            "start": place(start), "end": place(end), "distinct": .count(distinct),
            "backwards": .count(backwards),
            "first_backwards_row": firstBackwards.map { .count($0 + 1) } ?? .null,
            "step": .optional(length(step)), "regular_share": .optional(regularShare),
            "status": .text(step == nil ? "insufficient" : "ok"), "gap_count": .count(gapCount),
            "gaps": .list(
                gaps.map {
                    .object([
                        "start": place($0.start), "end": place($0.end), "length": .optional(length($0.end - $0.start)),
                    ])
                }),
            "parts": .list(
                parts.map { .object(["start": place($0.start), "end": place($0.end), "n": .count($0.rows)]) }),
            "drift": .list(drift.map(\.tree)),
            "standstills": .list(
                standstills.map {
                    .object([
                        "column": .text($0.column), "value": $0.value.map(JSONTree.text) ?? .null,
                        "first_row": .count($0.rows.lowerBound + 1), "last_row": .count($0.rows.upperBound),
                        "start": place($0.start), "end": place($0.end),
                    ])
                }),
        ])
    }

    /// RFC 3339 of a time, the number of a place in an order.
    private func place(_ value: Double) -> JSONTree {
        isCalendar && value.magnitude < 9e18 ? .text(EventTime.format(Int64(value))) : .optional(value)
    }

    /// Seconds of time.
    private func length(_ value: Double?) -> Double? { value.map { isCalendar ? $0 / 1e6 : $0 } }
}

extension TemporalProfile.Drift {
    fileprivate var tree: JSONTree {
        var members: [String: JSONTree] = [
            "column": .text(column), "psi_excess": .list(psi.map { .optional($0) }),
            "levels": .list(levels.map { .optional($0) }), "missing": .list(missing.map { .optional($0) }),
            "largest": .optional(largest?.psi), "part": largest.map { .count($0.part + 1) } ?? .null,
        ]
        if psi.dropFirst().contains(where: { $0 == nil }) { members["status"] = .text("insufficient") }
        return .object(members)
    }
}
