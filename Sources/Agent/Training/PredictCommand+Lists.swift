import Learning

/// What rankings and clusters say of the rows of a table.
extension PredictCommand {
    /// Each row's place in its list from 1 on, equal scores in the order of the rows; `nil` without a column of lists,
    /// and for a row without a list.
    static func places(_ scores: [Double], group: TableColumn?) -> [Int?]? {
        guard let group else { return nil }
        var lists: [String: [Int]] = [:]
        for row in scores.indices { if let name = group.text(at: row) { lists[name, default: []].append(row) } }
        var places = [Int?](repeating: nil, count: scores.count)
        for rows in lists.values {
            let ordered = rows.sorted { (-scores[$0], $0) < (-scores[$1], $1) }
            for (place, row) in ordered.enumerated() { places[row] = place + 1 }
        }
        return places
    }

    static func csv(_ scores: [Double], _ places: [Int?]?) -> String {
        let lines = scores.indices.map { row in
            "\(scores[row])" + (places.map { "," + ($0[row].map { "\($0)" } ?? "") } ?? "")
        }
        return ([places == nil ? "score" : "score,place"] + lines).joined(separator: "\n") + "\n"
    }

    static func json(_ scores: [Double], _ places: [Int?]?) -> String {
        scores.indices.map { row in
            let place = places.map { ",\"place\":" + ($0[row].map { "\($0)" } ?? "null") } ?? ""
            return "{\"score\":\(number(scores[row]))\(place)}\n"
        }.joined()
    }

    /// A row that no centre is near to (its numbers leave the range) has neither cluster nor distance.
    static func csv(_ found: KMeansAssignment) -> String {
        let lines = zip(found.clusters, found.distances).map { $0 < 0 ? "," : "\($0),\($1)" }
        return (["cluster,distance"] + lines).joined(separator: "\n") + "\n"
    }

    static func json(_ found: KMeansAssignment) -> String {
        zip(found.clusters, found.distances).map { cluster, distance in
            "{\"cluster\":\(cluster < 0 ? "null" : "\(cluster)"),\"distance\":\(number(distance))}\n"
        }.joined()
    }
}
