import Foundation
import Learning
import Statistics

extension ClusterReport {
    func json(hasSeconds: Bool) throws -> String {
        let parameters = kMeans.parameters
        var root: [String: JSONTree] = [
            "task": .text("clustering"), "task_reason": .text("asked for"),
            "best": .object([
                "learner": .text("k_means"),
                "parameters": .object([
                    "clusters": .number(Double(clusters.count)), "restarts": .number(Double(parameters.restarts)),
                    "seed": .number(Double(parameters.seed)),
                ]),
            ]),
            "metric": .text("silhouette"),
            "validation": .object(["silhouette": .object(["mean": Self.tree(kMeans.silhouette)])]),
            "holdout": .object([:]), "rows": .object(["training": .number(Double(rows))]),
            "trials": .number(Double(choices.count)), "inertia": .number(kMeans.inertia),
            "clusters": .list(clusters.enumerated().map { Self.tree($1, index: $0) }),
            "choices": .list(
                choices.map {
                    .object([
                        "clusters": .number(Double($0.clusters)), "silhouette": Self.tree($0.silhouette),
                        "inertia": .number($0.inertia),
                    ])
                }),
            "left_out": .list(
                leftOut.map { .object(["column": .text($0.column), "reason": .text($0.reason)]) }),
            "warnings": .list(warnings.map(JSONTree.text)),
        ]
        if hasSeconds { root["seconds"] = .number(seconds) }
        root["version"] = version.map(JSONTree.text)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(JSONTree.object(root)), as: UTF8.self)
    }

    private static func tree(_ number: Double?) -> JSONTree { number.map(JSONTree.number) ?? .null }

    private static func tree(_ cluster: Cluster, index: Int) -> JSONTree {
        .object([
            "cluster": .number(Double(index)), "rows": .number(Double(cluster.rows)),
            "share": .number(cluster.share),
            "centre": .object(Dictionary(cluster.centre.map { ($0.name, .number($0.value)) }) { one, _ in one }),
            "apart": .object(
                Dictionary(cluster.apart.map { ($0.feature, .number($0.deviations)) }) { one, _ in one }),
        ])
    }
}
