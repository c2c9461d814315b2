extension LexiconTables {
    /// English. Our own list of what customers write.
    static let english = """
        complaint 3: file a complaint|make a complaint|lodge a complaint|formal complaint|submit a complaint
            register a complaint|complain about|complaint about|want to complain|wish to complain|consumer claim
            consumer protection|legal action|my lawyer|small claims
        complaint 2.2: complain*|unacceptable|outrageous|disgraceful|appalling|terrible service|awful service
            poor service|bad service|worst service|very disappointed|extremely disappointed|deeply disappointed
            really disappointed|very unhappy|not happy with|not satisfied with|dissatisfied|unsatisfied|fed up
            ripped off|rip-off|scammed me|misleading|compensation for|demand compensation|demand an explanation
            speak to a manager|speak to your manager|waste of money|never again|rude|worst
        complaint 1.5: disappointed|disappointing|unhappy with|frustrated|frustrating|furious|angry|terrible|awful
            horrible|ridiculous|poor quality|low quality|defective|damaged|broken on arrival|arrived broken
            wrong item|wrong product|missing item*|missing parts|not as described|no one responds|no one answered
            nobody answers|no response from|still no response|keep ignoring|ignored my|third time|yet again
            still not resolved|still unresolved|apology|unprofessional
        complaint -2: not a complaint|no complaints|not complaining|no complaint|nothing to complain
        suggestion 2.5: i suggest|we suggest|i'd suggest|would suggest|my suggestion|a suggestion|suggestions for
            suggestion for|feature request|feedback on|feedback about|leave feedback|give feedback|some feedback
            leave a review|write a review|submit a review|leave an opinion|leave a comment|would be nice if
            would be great if|it would be great to|could be improved|room for improvement|please consider adding
            please add support|i recommend that you
        suggestion 1.2: suggestion*|feedback|review of your|opinion|improve*|wish you had|great job|well done
            love your|keep up the good work|excellent service|compliment
        contract_order 2.5: purchase order|place an order|place the order|placing an order|make an order
            put in an order|cancel my order|cancel the order|cancel order|canceling order*|cancelling order*
            cancel purchase|cancel my purchase|cancel that order|cancel an order|change my order|change order
            modify my order|modify order|edit my order|correct order|update my order|add an item|add some items
            add several items|remove an item|remove item*|swap item*|swap products|order of|i want to order
            i want to buy|want to buy|want to purchase|would like to order|would like to buy|would like to purchase
            i'd like to order|buy some|purchase some|buy several|quotation|request for quote|request for quotation
            rfq|sign the contract|signed contract|draft contract|contract renewal|renew the contract
            renew our contract|renewal of|terminate the contract|amendment to|letter of intent|pro forma|proforma
        contract_order 1.5: contract|agreement|quote|purchase|reorder|bulk order|minimum order|moq
            terms and conditions|countersign*|tender|bid
        contract_order 0.7: order|buy|ordering
        progress 2.5: where is my order|where is my package|where is my parcel|where's my order|track my order
            track order|track my package|tracking order|order status|status of my order|status of order
            status of the order|status of purchase|current status|status update|any update|any updates|any news
            update on the|update on my|when will i receive|when will my|when will it arrive|when will it be
            when will the|when does my|when is my|not arrived|hasn't arrived|has not arrived|have not arrived
            haven't received|have not received|not yet received|did not receive my|didn't receive my|still waiting
            still pending|still hasn't|waiting for my|eta of|eta on|how is the project|project status
            project progress|milestone*|delayed|delay in|late delivery|not delivered|not shipped|has it shipped
            been shipped
        progress 1.2: progress|shipment|shipped|track|tracking|pending|delivery status|eta|expected delivery|arrive
            arrived|delivery date|how much longer|how long until
        service 2.5: not working|doesn't work|does not work|isn't working|stopped working|won't work|can't log in
            cannot log in|can't login|cannot login|unable to log in|unable to login|unable to access|can't access
            cannot access|login problem|forgot my password|forgot password|forgotten my password|reset my password
            reset password|reset my pin|recover my password|recover password|recover my pin|retrieve my password
            retrieve my pin|lost my password|locked out|account locked|error message|error code|error notification
            registration error|registration problem*|signup error*|sign-up error*|signup problem*|sign-up problem*
            crash*|freezes|frozen|blue screen|technical support|technical issue|technical problem|tech support
            not responding|won't start|does not start|won't turn on|out of service|outage|is down|went down
            malfunction*|troubleshoot*|bug in|server error|fails to|failed to|keeps failing|declined|not accepted
            blocked|stolen|hacked|compromised|lost my card|lost my phone|create an account|create account
            create a new account|open an account|opening an account|register an account|delete my account
            delete account|close my account|remove my account|edit my account|modify my account|change my account
            update my account|switch account*|switch to|another account|user account*|user profile|activate
        service 1.2: password|account|log in|login|sign up|register|install*|upgrade|update fails|configuration
            configure|settings|vpn|laptop|printer|access|permission*|issue|problem|error|fix|broken|repair|warranty
            replacement part*|setup|set up|device|software|app|card|verify|verification|setting up
        customer_change 2.6: new address|change of address|address has changed|address change|changed our address
            we have moved|moved to a new|update our records|update your records|update our contact
            new phone number is|new contact person|change of contact|changed our name|company name change|renamed to
            new bank details|change our details
        service 1.6: change my address|shipping address|delivery address|change my pin|change my name
            edit my personal|personal details
        billing 2.5: invoice*|refund*|money back|reimburse*|charged twice|double charge*|overcharged|wrong amount
            extra charge|charged a fee|fee charged|was charged|been charged|charge on my|charges on my|billing
            my bill|a bill|receipt for|payment failed|payment issue*|payment problem*|problem with payment*
            problems with payment*|payment error|issue with payment*|issues with payment*|error with payment*
            online payment*|process the payment|pay for|paying|unrecognized charge|transaction fee|direct debit
            exchange rate was|statement|bank transfer|wire transfer|credit note|vat|remittance|overdue payment
            outstanding balance|return policy|return my|returned item
        billing 1.2: payment*|charge|charged|fee|fees|paid|bank account|debit|transaction|balance|transfer
        inquiry 2: i would like to know|i'd like to know|i want to know|i was wondering|i am wondering
            can you tell me|could you tell me|please tell me|do you offer|do you have|do you sell|do you support
            do you accept|do you ship|do you deliver|what is the price|what are the|what is the|how much is
            how much does|how much do|price of|price list|pricing|catalogue|catalog|brochure|more information
            more info|information about|information on|interested in|is it possible to|what options|which options
            what kind of|which countries|are there any|payment methods|payment options|payment modalities
            methods of payment|forms of payment|accepted payment*|delivery options|delivery period|shipping options
            shipping methods|delivery methods|cancellation fee|cancellation fees|cancellation charge*
            early termination|early exit|exit fee*|withdrawal penalt*|cancellation penalt*|termination fee*
            termination penalt*|refund policy|reimbursement policy|money back policy|money back guarantee
            opening hours|business hours|working hours|available in|specification*|how old|age limit|discount*|demo
            franchise|distributor*|trial
        inquiry 1: how do i|how can i|how to|what|which|where can i|can i|could i|does it|is there|question about
            a question|inquiry|enquiry|enquire|inquire|wondering|offer*|details about|cost|costs|available
            difference between
        inquiry 0.4: ?|how|why|when
        process 2.2: approval process|internal process|business process|application process|return process
            onboarding process|process is too|procedure for
        auto_reply 3: out of office|out of the office|automatic reply|auto-reply|autoreply|auto reply
            automated response|auto response|on vacation until|on annual leave|i am currently away|i will be out
            currently on leave|limited access to email|limited access to my email|do not reply to this
            this is an automated|this is an automatic
        bounce 3: delivery status notification|undelivered mail|undeliverable|undelivered|delivery failure
            mail delivery failed|mail delivery system|returned mail|could not be delivered|delivery has failed
            address not found|recipient address rejected|user unknown|mailbox full|mailbox unavailable
            permanent error|permanent failure|failure notice|message not delivered|over quota
        spam 2.5: you have won|you've won|you won|winner|claim your prize|claim your|prize|free entry|txt|text stop
            reply stop|lottery|casino|viagra|cialis|urgent! you|guaranteed cash|cash prize|ringtone*|per msg|per min
            18+|click here to claim|wire me|inheritance|beneficiary of|million dollars|million usd
            work from home and earn|earn extra cash|seo services|backlinks|rank on google|first page of google
            link building|guest post|unsubscribe|limited time offer|act now|buy now and save|crypto investment
            bitcoin investment|double your|hot singles|dating service|chat line|congratulations! you|awarded
            call now|free msg|freemsg|mobile number has been|latest nokia|tone club
        other 1.8: happy birthday|good morning|good night|see you|tell me a joke|set an alarm|set a timer
            what time is it|weather|play music|play some|remind me|my schedule|calendar|calculate|flip a coin
            roll a dice|love you|miss you|haha|lol|gonna|wanna|meeting at|call you later|spell|translate|who are you
            are you a|your name|your hobbies|meaning of life|how are you
        P1 2.5: urgent|urgently|emergency|asap!|production is down|production down|production stopped|line is down
            line down|system is down|system down|site is down|server is down|all users|nobody can|complete outage
            outage|critical|immediately|immediate attention|right now|right away|at once|within the hour
            within one hour|within an hour|within 2 hours|security breach|data breach|data leak|hacked|compromised
            stolen|fraud*|unauthorized|unauthorised|someone used my|someone is using|i did not make|i didn't make
            not mine|injured|injury|fire|smoke|safety hazard|lost my card|lost my phone|card was lost|card is lost
            card is missing|missing card
        P1 1.2: immediate|emergency|today without fail|by end of day today|as a matter of urgency|time critical
            life threatening
        P2 1.6: as soon as possible|asap|soonest|by today|by tomorrow|end of day|eod|by noon|this morning
            high priority|top priority|priority|important|escalate*|deadline|time sensitive|time-sensitive
            cannot work|can't work|unable to work|blocking us|blocked|blocks us|not working|stopped working
            doesn't work|charged twice|double charge*|wrong amount|declined|failed|locked out|swallowed|stuck in the
            won't go through|didn't go through|did not go through|quickly|prompt|promptly|please hurry|hurry
            complaint|unacceptable|forgot my pin|passcode|cancel the transfer|cancel a transfer|reverted|overdue
        P4 2.2: no rush|no hurry|not urgent|no urgency|not in a hurry|whenever you have time|when you have time
            when you get a chance|when you have a chance|whenever convenient|at your convenience|take your time
            just curious|just wondering|out of curiosity|low priority|for your information|fyi|no reply needed
            no need to reply|no response needed|nice to have|just a thought|someday
        P4 1: suggestion|feedback|feature request|do you support|are you available in|what countries|which countries
            age limit|exchange rate*|how old|minimum age|curious
        """
}
