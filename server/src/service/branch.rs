//! What of a conversation counts: a question may be asked anew in other words, and answered again.
//!
//! Nothing is changed for it in what is stored. A question names the one whose place it took as its parent, an answer the
//! question that it belongs to; of several answers to a question the newest counts.

use std::collections::HashSet;

use natter_shared::id::MessageId;
use natter_shared::message::Author;

use crate::store::{MessageRow, SaidRow};

/// A message, as far as its place in the conversation goes.
pub(super) trait Said {
    /// Its id.
    fn id(&self) -> MessageId;
    /// The question that it answers, or whose place it took.
    fn parent(&self) -> Option<MessageId>;
    /// Who wrote it.
    fn author(&self) -> Author;
}

macro_rules! said {
    ($($row:ident),*) => {$(
        impl Said for $row {
            fn id(&self) -> MessageId {
                self.id()
            }

            fn parent(&self) -> Option<MessageId> {
                self.parent()
            }

            fn author(&self) -> Author {
                self.author()
            }
        }
    )*};
}

said!(MessageRow, SaidRow);

/// Drops what something newer took the place of. The messages come newest first.
pub(super) fn drop_replaced<M: Said>(newest_first: &mut Vec<M>) {
    let mut questions = HashSet::new();
    let mut answered = HashSet::new();
    newest_first.retain(|message| {
        let parent = message.parent();
        if message.author() == Author::Visitor {
            let counts = !questions.contains(&message.id());
            // What a replaced question replaced is replaced too.
            questions.extend(parent);
            return counts;
        }
        // People and rules of the owner answer no question in particular.
        let Some(question) = parent else { return true };
        !questions.contains(&question) && answered.insert(question)
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Message(u128, Option<u128>, Author);

    impl Said for Message {
        fn id(&self) -> MessageId {
            MessageId::from_u128(self.0)
        }

        fn parent(&self) -> Option<MessageId> {
            self.1.map(MessageId::from_u128)
        }

        fn author(&self) -> Author {
            self.2
        }
    }

    fn left(messages: &[(u128, Option<u128>, Author)]) -> Vec<u128> {
        let mut rows: Vec<Message> = messages
            .iter()
            .rev()
            .map(|(id, parent, author)| Message(*id, *parent, *author))
            .collect();
        drop_replaced(&mut rows);
        rows.iter().rev().map(|row| row.0).collect()
    }

    use Author::{Assistant, Operator, Visitor};

    #[test]
    fn of_several_answers_the_newest_counts() {
        let said = [(1, None, Visitor), (2, Some(1), Assistant), (3, Some(1), Assistant)];
        assert_eq!(left(&said), [1, 3]);
    }

    #[test]
    fn a_question_in_other_words_takes_the_old_one_and_its_answers_along() {
        let said = [
            (1, None, Visitor),
            (2, Some(1), Assistant),
            (3, None, Visitor),
            (4, Some(3), Assistant),
            (5, Some(3), Visitor),
            (6, Some(5), Visitor),
            (7, Some(6), Assistant),
        ];
        assert_eq!(left(&said), [1, 2, 6, 7]);
    }

    #[test]
    fn what_a_person_of_the_owner_wrote_stays() {
        let said = [(1, None, Visitor), (2, None, Operator), (3, Some(1), Visitor)];
        assert_eq!(left(&said), [2, 3]);
    }
}
